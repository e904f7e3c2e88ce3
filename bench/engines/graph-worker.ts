/** A pack's graph in one engine: tfjs's own kernels, or one build of ours. */

import { expose } from 'comlink';
import { startEngine } from '../../src/inference/engine.ts';
import { loadGraphNetwork, type GraphNetwork } from '../../src/inference/graph-network.ts';
import { loadGradient } from '../../src/inference/load-gradient.ts';
import type { GradientNetwork } from '../../src/inference/kernels/gradient-network.ts';
import { createCrew } from '../../src/inference/kernels/kernel-crew.ts';
import { createKernels, type Kernels } from '../../src/inference/kernels/kernels.ts';
import { createHeap } from '../../src/inference/kernels/linear-heap.ts';
import { engineMemory } from '../../src/inference/engine-modes.ts';
import type { FindingsManifest } from '../../src/shared/pack.ts';
import { finishRun } from '../../test/support/finish-run.ts';
import { pictures, timeOf, type ContestantApi, type ContestantSpec } from './contestant.ts';

const address = (path: string): string => new URL(path, self.location.href).href;

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

type GraphSpec = Extract<ContestantSpec, { readonly worker: 'graph-worker.js' }>;

const helperTimeoutMs = 10_000;

let kernels: Kernels | null;
let network: GraphNetwork;
let gradient: GradientNetwork | undefined;
let outputs: readonly string[];
let logits: string;
let inputs: readonly Float32Array[];

async function kernelsOf({ kernels: flavour, threads = 1 }: GraphSpec): Promise<Kernels | null> {
  if (flavour === 'stock') return null;
  const build = threads === 1 ? flavour : `${flavour}-shared`;
  const module = await WebAssembly.compile(await fetchBytes(`assets/kernels-${build}.wasm`));
  if (threads === 1) return createKernels(flavour, module, createHeap());
  const crew = await createCrew(flavour, module, {
    maxThreads: threads,
    openHelper: () => new Worker(address('assets/kernel-helper.js'), { type: 'module' }),
    timeoutMs: helperTimeoutMs,
  });
  await crew.setThreads(threads);
  return crew.kernels;
}

const api: ContestantApi = {
  async load(spec: ContestantSpec): Promise<void> {
    if (spec.worker !== 'graph-worker.js') throw new Error(`not for this worker: ${spec.worker}`);
    const paths = {
      wasm: address('assets/tfjs-backend-wasm.wasm'),
      wasmSimd: address('assets/tfjs-backend-wasm-simd.wasm'),
    };
    // Without kernels of ours: tfjs. A network that is wholly ours runs without it, as in the app.
    if (spec.kernels === 'stock') await startEngine('simd', paths);
    kernels = await kernelsOf(spec);
    const stated = JSON.parse(new TextDecoder().decode(await fetchBytes(`${spec.pack}/pack.json`))) as FindingsManifest;
    logits = stated.outputs.logits;
    const manifest = spec.onlyLogits === true ? { ...stated, outputs: { logits } as typeof stated.outputs } : stated;
    const files = new Map<string, ArrayBuffer>();
    for (const path of ['model.json', ...manifest.weights.shards])
      files.set(path, await fetchBytes(`${spec.pack}/${path}`));
    outputs = Object.values(manifest.outputs);
    network = loadGraphNetwork({ manifest, files }, kernels);
    if (spec.gradient === true && kernels !== null) gradient = loadGradient({ manifest, files }, logits, kernels);
    if ((gradient === undefined) === (spec.gradient ?? false))
      throw new Error('these kernels do not know the way back');
    inputs = pictures(network.inputShape[1]!);
  },

  run: () =>
    timeOf(() => {
      if (gradient === undefined) network.run(inputs[0]!, outputs);
      else finishRun(gradient.run(inputs[0]!, 0));
    }),

  answers: () => inputs.map((input) => [...network.run(input, [logits])[logits]!.values]),

  wasmBytes: () => kernels?.memory.buffer.byteLength ?? engineMemory().wasmBytes,
};

expose(api);
