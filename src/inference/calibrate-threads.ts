import type { EngineInfo } from '../shared/messages.ts';
import { parseGraph } from './graph-definition.ts';
import { loadGraph } from './graph-network.ts';
import type { Kernels } from './kernels/kernels.ts';
import { weightOf, type WeightValues } from './read-weights.ts';
import { coreCount, isIsolated, maxThreads, runningCrew, startMode, type EnginePaths } from './engine-modes.ts';

/**
 * A convolution as near the beginning of a network: 56 × 56 × 64 → 64, 3 × 3, 116 million multiply-adds, about 2 ms on a
 * desktop and 10 ms on a slow phone.
 */
const probeSide = 56;
const probeChannels = 64;
const probeKernel = 3;
/** The first runs compile and pack; the fastest of the others is what the device can do. */
const warmRuns = 3;
const timedRuns = 6;
/** Threads cost memory and battery, and lose where the other cores are busy: they must win clearly. */
const clearGain = 0.85;
/** With two cores the page and the system want the other one (measured: two threads are then slower than one). */
const minCores = 3;

/** Each must be a clear gain over the one before, the first over one thread. */
const threadCounts = [2, maxThreads] as const;

/**
 * Starts threads where they are clearly faster here, as many as are, and leaves them running.
 *
 * @returns `undefined` where they are not or need not be tried: what runs is to be started anew
 */
export async function startFaster(paths: EnginePaths): Promise<EngineInfo | undefined> {
  if (!isIsolated() || coreCount() < minCores || paths.helper === undefined) return undefined;
  try {
    const engine = await startMode('threads', paths, threadCounts[0]);
    const crew = runningCrew();
    if (crew === undefined) return undefined;
    let chosen = 1;
    let fastestMs = timeProbe(crew.alone);
    // One core stays with the page.
    for (const threads of threadCounts.filter((count) => count < coreCount())) {
      await crew.setThreads(threads);
      const ms = timeProbe(crew.kernels);
      if (ms > clearGain * fastestMs) break;
      chosen = threads;
      fastestMs = ms;
    }
    if (chosen === 1) return undefined;
    await crew.setThreads(chosen);
    return { ...engine, threads: chosen };
  } catch {
    // Threads that do not start are no error: the caller goes on with one.
    return undefined;
  }
}

/** Milliseconds of one convolution; leaves no tensors. */
function timeProbe(kernels: Kernels): number {
  const network = loadGraph(parseGraph(probeGraph()), [probeFilter()], ['convolution'], kernels);
  try {
    const input = new Float32Array(probeSide * probeSide * probeChannels).fill(1);
    let fastest = Infinity;
    for (let run = 0; run < warmRuns + timedRuns; run += 1) {
      const start = performance.now();
      network.run(input, ['convolution']);
      if (run >= warmRuns) fastest = Math.min(fastest, performance.now() - start);
    }
    return fastest;
  } finally {
    network.dispose();
  }
}

function probeFilter(): WeightValues {
  const shape = [probeKernel, probeKernel, probeChannels, probeChannels];
  const values = new Float32Array(probeKernel * probeKernel * probeChannels * probeChannels).fill(1);
  return weightOf('filter', shape, values);
}

function probeGraph(): ArrayBuffer {
  const shape = { dim: [1, probeSide, probeSide, probeChannels].map((size) => ({ size })) };
  const ones = { list: { i: [1, 1, 1, 1] } };
  const node = [
    { name: 'input', op: 'Placeholder', attr: { shape: { shape } } },
    { name: 'filter', op: 'Const' },
    {
      name: 'convolution',
      op: 'Conv2D',
      input: ['input', 'filter'],
      attr: { strides: ones, dilations: ones, padding: { s: btoa('SAME') } },
    },
  ];
  return new TextEncoder().encode(JSON.stringify({ modelTopology: { node } })).buffer;
}
