/**
 * Starts tfjs in exactly one of four modes, or says why not. Left alone, tfjs takes another backend in silence
 * (a wrong wasm address) or waits for ever (threads that may not start): here every start is checked and timed out.
 */

import {
  engine,
  env,
  findBackendFactory,
  getBackend,
  memory,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import { BackendWasm, init, resetWasmPath, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import { AppError } from '../shared/app-error.ts';
import type { EngineInfo, EngineMemory, EngineMode, KernelFlavour } from '../shared/messages.ts';
import { createCrew, type KernelCrew } from './kernels/kernel-crew.ts';
import { createKernels, type KernelMemory, type Kernels } from './kernels/kernels.ts';
import { hasRelaxedSimd } from './kernels/relaxed-simd.ts';
import { openHelper } from './open-helper.ts';
import { registerWasmKernels } from './wasm-kernels.ts';

/** Absolute addresses; in Node paths of files. A relative address would be taken relative to the worker's blob or file. */
export interface EnginePaths {
  readonly wasm: string;
  readonly wasmSimd: string;
  /** The script that our kernels' other threads run; without it there are none. */
  readonly helper?: string;
  /** Our own kernels as a compiled module, for a shared memory or not; without it tfjs's do all the work. */
  readonly loadKernels?: (flavour: KernelFlavour, shared: boolean) => Promise<WebAssembly.Module>;
}

/** A worker opens in 20–60 ms on a desktop; far beyond ten times that, on a slow phone, it is taken for hung. */
const helperTimeoutMs = 6000;
/** Half a megabyte of WebAssembly from the cache, compiled on a slow phone. */
const startTimeoutMs = 20_000;
/** Beyond four threads memory bandwidth and slow cores eat the gain. */
export const maxThreads = 4;
const minThreads = 2;

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

/** What this browser can do; asked before the flags are overridden. */
interface WasmFeatures {
  readonly simd: boolean;
  readonly threads: boolean;
}
let features: Promise<WasmFeatures> | undefined;

async function detectFeatures(): Promise<WasmFeatures> {
  const [simd, threads] = await Promise.all([
    env().getAsync('WASM_HAS_SIMD_SUPPORT'),
    env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
  ]);
  return { simd: simd === true, threads: threads === true };
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
 * Ends the engine that runs, whose tensors are gone with it, and starts `mode`.
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
  try {
    if (mode === 'js') return await startJs();
    features ??= detectFeatures();
    requireFeatures(mode, await features, paths);
    const module = mode === 'wasm' ? undefined : fetchKernels(mode, paths);
    await startWasm(mode, paths);
    if (mode === 'threads') await startCrew(module, paths, Math.min(maxThreads, Math.max(minThreads, threads)));
    // Kernels that cannot be had are no error: tfjs's do the same, slower.
    else if (mode === 'simd') kernels = await startKernels(module).catch(() => undefined);
    return { mode, threads: crew?.threads ?? 1, kernels: kernels?.flavour ?? 'stock' };
  } catch (thrown) {
    stopEngine();
    throw AppError.from(describable(thrown), 'engine-start-failed', { mode });
  }
}

/** What of tfjs's Emscripten module is not in its types. */
interface EmscriptenModule {
  readonly HEAPU8: Uint8Array;
  /** Of the module with one thread. */
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function runningModule(): EmscriptenModule | undefined {
  const backend = getBackend() === 'wasm' ? engine().backend : undefined;
  return backend instanceof BackendWasm ? (backend.wasm as unknown as EmscriptenModule) : undefined;
}

/** Tensors alive, and bytes of WebAssembly memory, which never shrinks while an engine runs. */
export function engineMemory(): EngineMemory {
  const ofTfjs = runningModule()?.HEAPU8.buffer.byteLength ?? 0;
  return { tensors: memory().numTensors, wasmBytes: ofTfjs + (crew?.kernels.memory.buffer.byteLength ?? 0) };
}

/** The memory of tfjs's module, one thread, in which other kernels may work too. */
export function kernelMemory(): KernelMemory {
  const module = runningModule();
  if (module === undefined) throw new AppError('engine-start-failed', { reason: 'no WebAssembly engine runs' });
  return {
    memory: module.asm.memory,
    // Emscripten's addresses are signed.
    allocate: (bytes) => module._malloc(bytes) >>> 0,
    free: (address) => module._free(address),
  };
}

/** The backend `cpu` may stay: it holds nothing but tensors. */
function stopEngine(): void {
  kernels = undefined;
  crew?.end();
  crew = undefined;
  if (findBackendFactory('wasm') !== null) removeBackend('wasm');
}

function requireFeatures(mode: EngineMode, found: WasmFeatures, paths: EnginePaths): void {
  const refuse = (reason: string): never => {
    throw new AppError('engine-start-failed', { mode, reason });
  };
  if (typeof WebAssembly === 'undefined') refuse('no WebAssembly');
  if (mode !== 'wasm' && !found.simd) refuse('no SIMD');
  if (mode !== 'threads') return;
  if (!isIsolated()) refuse('not cross-origin isolated');
  if (!found.threads) refuse('no threads in WebAssembly');
  if (paths.helper === undefined) refuse('no thread script');
  if (paths.loadKernels === undefined) refuse('no kernels for threads');
}

/** tfjs itself always runs one thread: its own threads only know its own kernels. */
async function startWasm(mode: EngineMode, paths: EnginePaths): Promise<void> {
  registerWasmKernels();
  env().set('WASM_HAS_SIMD_SUPPORT', mode !== 'wasm');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  resetWasmPath();
  setWasmPaths({
    'tfjs-backend-wasm.wasm': paths.wasm,
    'tfjs-backend-wasm-simd.wasm': paths.wasmSimd,
    // It wants an address for each; this one is never asked for.
    'tfjs-backend-wasm-threaded-simd.wasm': paths.wasmSimd,
  });
  const { wasm } = await withTimeout(init(), mode, startTimeoutMs);
  registerBackend('wasm', () => new BackendWasm(wasm));
  await useBackend('wasm', mode);
}

function kernelFlavour(): KernelFlavour {
  return hasRelaxedSimd() ? 'relaxed' : 'plain';
}

/** While tfjs starts. `undefined` where there are none to be had. */
type KernelModule = Promise<WebAssembly.Module> | undefined;

function fetchKernels(mode: EngineMode, { loadKernels }: EnginePaths): KernelModule {
  const module = loadKernels?.(kernelFlavour(), mode === 'threads');
  // A failure is told to who waits for it, later.
  module?.catch(() => undefined);
  return module;
}

async function startKernels(module: KernelModule): Promise<Kernels | undefined> {
  return module && createKernels(kernelFlavour(), await module, kernelMemory());
}

/** Our kernels in a memory that threads share, beside tfjs's. */
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

async function startJs(): Promise<EngineInfo> {
  const { registerJsBackend } = await import('./js-backend.ts');
  registerJsBackend();
  await useBackend('cpu', 'js');
  return { mode: 'js', threads: 1, kernels: 'stock' };
}

async function useBackend(name: string, mode: EngineMode): Promise<void> {
  const started = await setBackend(name);
  if (!started || getBackend() !== name) {
    throw new AppError('engine-start-failed', { mode, reason: `tfjs took ${getBackend()}` });
  }
}

/** tfjs rejects with a plain object in place of an error. */
function describable(thrown: unknown): unknown {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return thrown;
  return new Error(String(thrown.message));
}

async function withTimeout<T>(work: Promise<T>, mode: EngineMode, ms: number): Promise<T> {
  let clock: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    clock = setTimeout(() => reject(new AppError('engine-timeout', { mode, ms })), ms);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(clock);
  }
}
