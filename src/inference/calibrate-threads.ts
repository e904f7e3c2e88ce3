import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { EngineInfo } from '../shared/messages.ts';
import { coreCount, isIsolated, startMode, type EnginePaths } from './tfjs-modes.ts';

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

/** Milliseconds of one convolution on the engine that runs; leaves no tensors. */
function timeProbe(): number {
  engine().startScope();
  try {
    const x = engine().makeTensor(
      new Float32Array(probeSide * probeSide * probeChannels).fill(1),
      [1, probeSide, probeSide, probeChannels],
      'float32',
    );
    const filterShape = [probeKernel, probeKernel, probeChannels, probeChannels];
    const filter = engine().makeTensor(
      new Float32Array(probeKernel * probeKernel * probeChannels * probeChannels).fill(1),
      filterShape,
      'float32',
    );
    const attributes = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
    let fastest = Infinity;
    for (let run = 0; run < warmRuns + timedRuns; run += 1) {
      const start = performance.now();
      engine().runKernel<Tensor>('Conv2D', { x, filter }, attributes).dispose();
      if (run >= warmRuns) fastest = Math.min(fastest, performance.now() - start);
    }
    return fastest;
  } finally {
    engine().endScope();
  }
}
