import type { EngineInfo } from '../shared/messages.ts';
import { parseGraph } from './graph-definition.ts';
import { loadGraph } from './graph-network.ts';
import { weightOf, type WeightValues } from './read-weights.ts';
import { coreCount, isIsolated, runningKernels, startMode, type EnginePaths } from './tfjs-modes.ts';

/**
 * A convolution as in the middle of a network: 28 × 28 × 64 → 64, 3 × 3, 58 million multiply-adds, about 3 ms on a
 * desktop and 30 ms on a slow phone.
 */
const probeSide = 28;
const probeChannels = 64;
const probeKernel = 3;
/** The first runs compile and pack; the fastest of the others is what the device can do. */
const warmRuns = 2;
const timedRuns = 4;
/** Threads cost memory and battery, and lose where the other cores are busy: they must win clearly. */
const clearGain = 0.85;
/** With two cores the page and the system want the other one (measured: two threads are then slower than one). */
const minCores = 3;

/**
 * Starts whichever of `threads` and `simd` is faster here, and leaves it running.
 *
 * @returns `undefined` where threads need not be tried: nothing was started
 */
export async function startFaster(paths: EnginePaths): Promise<EngineInfo | undefined> {
  if (!isIsolated() || coreCount() < minCores || paths.pthread === undefined) return undefined;
  try {
    await startMode('simd', paths);
    const simdMs = timeProbe();
    const threaded = await startMode('threads', paths);
    return timeProbe() < clearGain * simdMs ? threaded : undefined;
  } catch {
    // Threads that do not start are no error: the caller goes on with one.
    return undefined;
  }
}

/** Milliseconds of one convolution, with the kernels that would run; leaves no tensors. */
function timeProbe(): number {
  const network = loadGraph(parseGraph(probeGraph()), [probeFilter()], ['convolution'], runningKernels());
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
