/**
 * The worker of test/worker/planned-networks.test.ts: a network on tfjs's own kernels and on both builds of ours, in one
 * engine, on the same inputs. Bundled by `node build.mjs --test`, for tfjs cannot be imported without.
 */

import { startEngine } from '../../src/inference/engine.ts';
import { loadGraph, loadGraphNetwork, type GraphNetwork } from '../../src/inference/graph-network.ts';
import { createKernels, type Kernels } from '../../src/inference/kernels/kernels.ts';
import { createHeap } from '../../src/inference/kernels/linear-heap.ts';
import { buildAssets } from '../../src/shared/build.ts';
import type { KernelFlavour } from '../../src/shared/messages.ts';
import type { PackContents, PackManifest } from '../../src/shared/pack.ts';
import { compareRunners, type RunnerDifference } from './compare-runners.ts';
import { denseNet121, denseNetOutputs, randomDenseNet } from './random-densenet.ts';

export interface PlanAnswer {
  /** Of each of our builds from tfjs's kernels, by output. */
  readonly differences: Readonly<Record<KernelFlavour, Readonly<Record<string, RunnerDifference>>>>;
  /** Bytes of linear memory after DenseNet-121 alone ran on our kernels. */
  readonly wasmBytes: number;
}

const assets = buildAssets();
const absolute = (address: string): string => new URL(`../${address}`, self.location.href).href;

async function kernelsOf(flavour: KernelFlavour): Promise<Kernels> {
  const address = flavour === 'relaxed' ? assets.kernelsRelaxed : assets.kernelsPlain;
  const bytes = await (await fetch(absolute(address))).arrayBuffer();
  return createKernels(flavour, await WebAssembly.compile(bytes), createHeap());
}

type Load = (kernels: Kernels | null) => GraphNetwork;

async function compareEngines(load: Load, outputs: readonly string[]): Promise<PlanAnswer> {
  await startEngine('simd', {
    wasm: absolute(assets.tfjsWasm),
    wasmSimd: absolute(assets.tfjsWasmSimd),
    stockAtOnce: true,
  });
  const plainKernels = await kernelsOf('plain');
  const plain = load(plainKernels);
  plain.run(new Float32Array(plain.inputShape.reduce((product, size) => product * size, 1)), outputs);
  const wasmBytes = plainKernels.memory.buffer.byteLength;
  const relaxed = load(await kernelsOf('relaxed'));
  const stock = load(null);
  return {
    differences: {
      plain: compareRunners(plain, stock, outputs),
      relaxed: compareRunners(relaxed, stock, outputs),
    },
    wasmBytes,
  };
}

async function readPack(id: string): Promise<PackContents> {
  const read = async (path: string): Promise<ArrayBuffer> => (await fetch(`/models/${id}/${path}`)).arrayBuffer();
  const manifest = JSON.parse(new TextDecoder().decode(await read('pack.json'))) as PackManifest;
  const files = new Map<string, ArrayBuffer>();
  for (const path of ['model.json', ...manifest.weights.shards]) files.set(path, await read(path));
  return { manifest, files };
}

async function answer(network: string): Promise<PlanAnswer> {
  if (network !== 'densenet-121') {
    const contents = await readPack(network);
    return compareEngines((kernels) => loadGraphNetwork(contents, kernels), Object.values(contents.manifest.outputs));
  }
  const { nodes, weights } = randomDenseNet(denseNet121);
  return compareEngines((kernels) => loadGraph(nodes, weights, denseNetOutputs, kernels), denseNetOutputs);
}

self.onmessage = ({ data }: MessageEvent<string>) => {
  answer(data).then(
    (value) => self.postMessage({ value }),
    (thrown: unknown) => self.postMessage({ error: String(thrown) }),
  );
};
