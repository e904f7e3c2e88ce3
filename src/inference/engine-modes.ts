/** Starts the engine in exactly one of four modes, or says why not: our kernels, tfjs, or both (stock-engine.ts). */

import { AppError } from '../shared/app-error.ts';
import type { EngineInfo, EngineMemory, EngineMode, KernelFlavour } from '../shared/messages.ts';
import { createCrew, type KernelCrew } from './kernels/kernel-crew.ts';
import { createKernels, type Kernels } from './kernels/kernels.ts';
import { createHeap } from './kernels/linear-heap.ts';
import { hasRelaxedSimd } from './kernels/relaxed-simd.ts';
import { openHelper } from './open-helper.ts';
import type { TfjsMode, TfjsPaths } from './tfjs.ts';
import { hasSimd, hasThreads } from './wasm-features.ts';

export interface EnginePaths extends TfjsPaths {
  /** The script that our kernels' other threads run; without it there are none. */
  readonly helper?: string;
  /** Our own kernels as a compiled module, for a shared memory or not; without it tfjs's do all the work. */
  readonly loadKernels?: (flavour: KernelFlavour, shared: boolean) => Promise<WebAssembly.Module>;
  /**
   * tfjs starts with the engine, though our kernels run: networks may then be loaded in one go. Otherwise it starts where
   * `loadOnEngine` finds that a network needs it.
   */
  readonly stockAtOnce?: boolean;
}

interface Tfjs {
  startTfjs(mode: TfjsMode, paths: TfjsPaths): Promise<void>;
  stopTfjs(): void;
  tfjsMemory(): EngineMemory;
}

/** A worker opens in 20–60 ms on a desktop; far beyond ten times that, on a slow phone, it is taken for hung. */
const helperTimeoutMs = 6000;
/** Beyond four threads memory bandwidth and slow cores eat the gain. */
export const maxThreads = 4;
const minThreads = 2;

/** ./tfjs.ts, once it was needed. */
let tfjs: Tfjs | undefined;
let isStockRunning = false;
let running: { readonly mode: EngineMode; readonly paths: EnginePaths } | undefined;
let kernels: Kernels | undefined;
let crew: KernelCrew | undefined;

/** Our kernels on the engine that runs; `undefined` where tfjs's do all the work. */
export function runningKernels(): Kernels | undefined {
  return kernels;
}

/** The threads at our kernels, in mode `threads`. */
export function runningCrew(): KernelCrew | undefined {
  return crew;
}

/** Whether this page may use shared memory at all. */
export function isIsolated(): boolean {
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
}

/** Logical cores that the browser admits to. */
export function coreCount(): number {
  return typeof navigator === 'undefined' ? 1 : navigator.hardwareConcurrency;
}

/**
 * Ends the engine that runs, whose networks are gone with it, and starts `mode`.
 *
 * @param threads in mode `threads`; by default half of the cores, for the other half are often slower or the same ones
 * @throws AppError `engine-start-failed` {mode, reason}, `engine-timeout` {mode, ms}
 */
export async function startMode(
  mode: EngineMode,
  paths: EnginePaths,
  threads = Math.floor(coreCount() / 2),
): Promise<EngineInfo> {
  stopEngine();
  running = { mode, paths };
  try {
    requireFeatures(mode, paths);
    const module = mode === 'simd' || mode === 'threads' ? fetchKernels(mode, paths) : undefined;
    // While our kernels are fetched.
    if (paths.stockAtOnce === true) await startStock();
    if (mode === 'threads') await startCrew(module, paths, Math.min(maxThreads, Math.max(minThreads, threads)));
    // Kernels that cannot be had are no error: tfjs's do the same, slower.
    else kernels = await startKernels(module).catch(() => undefined);
    if (kernels === undefined) await startStock();
    return { mode, threads: crew?.threads ?? 1, kernels: kernels?.flavour ?? 'stock' };
  } catch (thrown) {
    stopEngine();
    throw AppError.from(thrown, 'engine-start-failed', { mode });
  }
}

/**
 * Starts tfjs in the engine that runs, where it does not run yet.
 *
 * @throws AppError `engine-start-failed` {mode, reason}, `engine-timeout` {mode, ms}
 */
export async function startStock(): Promise<void> {
  if (running === undefined) throw new AppError('engine-start-failed', { reason: 'no engine runs' });
  if (isStockRunning) return;
  const { mode, paths } = running;
  tfjs ??= await import('./tfjs.ts');
  await tfjs.startTfjs(mode === 'threads' ? 'simd' : mode, paths);
  isStockRunning = true;
}

/** Tensors alive, and bytes of WebAssembly memory, which never shrinks while an engine runs. */
export function engineMemory(): EngineMemory {
  const none: EngineMemory = { tensors: 0, wasmBytes: 0 };
  const { tensors, wasmBytes } = (isStockRunning ? tfjs?.tfjsMemory() : undefined) ?? none;
  return { tensors, wasmBytes: wasmBytes + (kernels?.memory.buffer.byteLength ?? 0) };
}

function stopEngine(): void {
  kernels = undefined;
  crew?.end();
  crew = undefined;
  running = undefined;
  tfjs?.stopTfjs();
  isStockRunning = false;
}

function requireFeatures(mode: EngineMode, paths: EnginePaths): void {
  const refuse = (reason: string): never => {
    throw new AppError('engine-start-failed', { mode, reason });
  };
  if (mode === 'js') return;
  if (typeof WebAssembly === 'undefined') refuse('no WebAssembly');
  if (mode !== 'wasm' && !hasSimd()) refuse('no SIMD');
  if (mode !== 'threads') return;
  if (!isIsolated()) refuse('not cross-origin isolated');
  if (!hasThreads()) refuse('no threads in WebAssembly');
  if (paths.helper === undefined) refuse('no thread script');
  if (paths.loadKernels === undefined) refuse('no kernels for threads');
}

function kernelFlavour(): KernelFlavour {
  return hasRelaxedSimd() ? 'relaxed' : 'plain';
}

/** `undefined` where there are none to be had. */
type KernelModule = Promise<WebAssembly.Module> | undefined;

function fetchKernels(mode: EngineMode, { loadKernels }: EnginePaths): KernelModule {
  const module = loadKernels?.(kernelFlavour(), mode === 'threads');
  // A failure is told to who waits for it, later.
  module?.catch(() => undefined);
  return module;
}

async function startKernels(module: KernelModule): Promise<Kernels | undefined> {
  return module && createKernels(kernelFlavour(), await module, createHeap());
}

/** Our kernels in a memory that threads share. */
async function startCrew(module: KernelModule, { helper }: EnginePaths, threads: number): Promise<void> {
  // Asked for before (`requireFeatures`).
  if (module === undefined || helper === undefined) return;
  crew = await createCrew(kernelFlavour(), await module, {
    maxThreads,
    openHelper: () => openHelper(helper),
    timeoutMs: helperTimeoutMs,
  });
  kernels = crew.kernels;
  await crew.setThreads(threads);
}
