/**
 * The worker of test/worker/kernel-crew.test.ts: our kernels on several threads. In a worker, because a page may not wait
 * for threads. Bundled by `node build.mjs --test`, for tfjs cannot be imported without.
 */

import { startEngine } from '../../src/inference/engine.ts';
import { loadGraph } from '../../src/inference/graph-network.ts';
import { createCrew, type KernelCrew } from '../../src/inference/kernels/kernel-crew.ts';
import type { Kernels } from '../../src/inference/kernels/kernels.ts';
import { runningKernels } from '../../src/inference/engine-modes.ts';
import { buildAssets } from '../../src/shared/build.ts';
import type { KernelFlavour } from '../../src/shared/messages.ts';
import { compareRunners } from './compare-runners.ts';
import { kernelCases } from './kernel-cases.ts';
import { denseNetOutputs, randomDenseNet } from './random-densenet.ts';
import { randomNumbers } from './random-numbers.ts';

export interface CrewQuestion {
  readonly ask: 'cases' | 'network' | 'silent-helper' | 'choice';
  readonly flavour: KernelFlavour;
}

export interface CrewAnswer {
  /** One a case or run that went wrong. */
  readonly wrong: readonly string[];
  /** Cases or runs. */
  readonly count: number;
}

const assets = buildAssets();
const absolute = (address: string): string => new URL(`../${address}`, self.location.href).href;
const helperTimeoutMs = 20_000;
/** Of the deviation of an output over the inputs. */
const tolerance = 1e-4;
/** More than the cores of most machines that run tests: threads then stop one another anywhere. */
const threads = 4;

async function moduleOf(flavour: KernelFlavour, shared: boolean): Promise<WebAssembly.Module> {
  const address = `assets/kernels-${flavour}${shared ? '-shared' : ''}.wasm`;
  return WebAssembly.compile(await (await fetch(absolute(address))).arrayBuffer());
}

async function crewOf(flavour: KernelFlavour): Promise<KernelCrew> {
  return createCrew(flavour, await moduleOf(flavour, true), {
    maxThreads: threads,
    openHelper: () => new Worker(absolute(assets.kernelHelper), { type: 'module' }),
    timeoutMs: helperTimeoutMs,
  });
}

/** As much as the cases may have (kernel-cases.ts, `kernelsForTests`). */
const mostBytes = 16 * 2 ** 20;

/** Full of NaN: whatever is read before it was written shows. */
function withUnclearedMemory(kernels: Kernels): Kernels {
  return {
    ...kernels,
    allocate: (bytes) => {
      if (bytes > mostBytes) return 0;
      const address = kernels.allocate(bytes);
      new Uint8Array(kernels.memory.buffer, address, bytes).fill(0xff);
      return address;
    },
  };
}

async function runCases(flavour: KernelFlavour): Promise<CrewAnswer> {
  const crew = await crewOf(flavour);
  await crew.setThreads(threads);
  const kernels = withUnclearedMemory(crew.kernels);
  const wrong = kernelCases.flatMap(({ name, run }) => {
    try {
      run(kernels);
      return [];
    } catch (thrown) {
      return [`${name}: ${String(thrown)}`];
    }
  });
  crew.end();
  return { wrong, count: kernelCases.length };
}

const networkRuns = 40;

/** Threads share the work out anew in each run; every number must be the one that one thread makes. */
async function runNetwork(flavour: KernelFlavour): Promise<CrewAnswer> {
  await startEngine('simd', { wasm: absolute(assets.tfjsWasm), wasmSimd: absolute(assets.tfjsWasmSimd) });
  const { nodes, weights, inputLength } = randomDenseNet({ blocks: [2, 2, 2, 2], side: 128 });
  const crew = await crewOf(flavour);
  const network = loadGraph(nodes, weights, denseNetOutputs, crew.kernels);
  const input = randomNumbers(5).floats(inputLength);
  const expected = network.run(input, denseNetOutputs);
  await crew.setThreads(threads);
  const wrong: string[] = [];
  for (let run = 0; run < networkRuns; run += 1) {
    // Fewer and more helpers in turns: they may come and go between runs.
    if (run % 10 === 9) await crew.setThreads(2 + (run % 3));
    const found = network.run(input, denseNetOutputs);
    for (const name of denseNetOutputs) {
      const at = found[name]!.values.findIndex((value, index) => !Object.is(value, expected[name]!.values[index]));
      if (at >= 0) wrong.push(`run ${run}, ${name}[${at}]`);
    }
  }
  network.dispose();
  crew.end();
  return { wrong, count: networkRuns };
}

/** A thread script that says nothing, in place of ours. */
async function waitForSilentHelper(flavour: KernelFlavour): Promise<CrewAnswer> {
  const silent = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }));
  const crew = await createCrew(flavour, await moduleOf(flavour, true), {
    maxThreads: 2,
    openHelper: () => new Worker(silent, { type: 'module' }),
    timeoutMs: 50,
  });
  const code = await crew.setThreads(2).then(
    () => 'started',
    (thrown: { code?: string }) => thrown.code ?? 'unknown',
  );
  return { wrong: [code], count: crew.threads };
}

/** The worker's own choice, as on a device with eight cores, and a network on what it chose. */
async function choose(flavour: KernelFlavour): Promise<CrewAnswer> {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 });
  const { mode, threads: chosen } = await startEngine(undefined, {
    wasm: absolute(assets.tfjsWasm),
    wasmSimd: absolute(assets.tfjsWasmSimd),
    helper: absolute(assets.kernelHelper),
    loadKernels: (_, shared) => moduleOf(flavour, shared),
    stockAtOnce: true,
  });
  const isPossible = mode === 'threads' ? [2, threads].includes(chosen) : mode === 'simd' && chosen === 1;
  const wrong = isPossible ? [] : [`${mode} with ${chosen} threads`];
  const { nodes, weights } = randomDenseNet({ blocks: [1, 1, 1, 1], side: 64 });
  const network = loadGraph(nodes, weights, denseNetOutputs, runningKernels());
  const differences = compareRunners(network, loadGraph(nodes, weights, denseNetOutputs, null), denseNetOutputs);
  for (const [name, { largest, deviation }] of Object.entries(differences)) {
    if (!(largest <= tolerance * deviation)) wrong.push(`${name} differs by ${largest}`);
  }
  return { wrong, count: denseNetOutputs.length };
}

function answer({ ask, flavour }: CrewQuestion): Promise<CrewAnswer> {
  switch (ask) {
    case 'cases':
      return runCases(flavour);
    case 'network':
      return runNetwork(flavour);
    case 'silent-helper':
      return waitForSilentHelper(flavour);
    case 'choice':
      return choose(flavour);
  }
}

self.onmessage = ({ data }: MessageEvent<CrewQuestion>) => {
  answer(data).then(
    (value) => self.postMessage({ value }),
    (thrown: unknown) => self.postMessage({ error: String(thrown) }),
  );
};
