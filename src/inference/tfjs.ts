/**
 * tfjs, on WebAssembly or in plain JavaScript; a chunk of its own (engine-modes.ts). Left alone, tfjs takes another backend in
 * silence (a wrong wasm address): here every start is checked and timed out.
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
import type { EngineMemory } from '../shared/messages.ts';
import { bindStockSteps } from './kernels/stock-steps.ts';
import { setStockEngine } from './stock-engine.ts';
import { loadStockNetwork } from './stock-network.ts';
import { registerWasmKernels } from './wasm-kernels.ts';

/** How tfjs can run. It always runs one thread: its own threads only know its own kernels. */
export type TfjsMode = 'simd' | 'wasm' | 'js';

/** Absolute addresses; in Node paths of files. A relative address would be taken relative to the worker's blob or file. */
export interface TfjsPaths {
  readonly wasm: string;
  readonly wasmSimd: string;
}

/** Half a megabyte of WebAssembly from the cache, compiled on a slow phone. */
const startTimeoutMs = 20_000;

/**
 * Starts tfjs; where it ran before, `stopTfjs` goes first.
 *
 * @throws AppError `engine-start-failed` {mode, reason}, `engine-timeout` {mode, ms}
 */
export async function startTfjs(mode: TfjsMode, paths: TfjsPaths): Promise<void> {
  try {
    if (mode === 'js') await startJs();
    else await startWasm(mode, paths);
    setStockEngine({ loadNetwork: loadStockNetwork, bind: bindStockSteps });
  } catch (thrown) {
    stopTfjs();
    throw AppError.from(describable(thrown), 'engine-start-failed', { mode });
  }
}

/** Its tensors are gone with it. The backend `cpu` may stay: it holds nothing but tensors. */
export function stopTfjs(): void {
  setStockEngine(undefined);
  if (findBackendFactory('wasm') !== null) removeBackend('wasm');
}

/** Tensors alive, and bytes of WebAssembly memory, which never shrinks while it runs. */
export function tfjsMemory(): EngineMemory {
  const backend = getBackend() === 'wasm' ? engine().backend : undefined;
  const module = backend instanceof BackendWasm ? (backend.wasm as unknown as EmscriptenModule) : undefined;
  return { tensors: memory().numTensors, wasmBytes: module?.HEAPU8.buffer.byteLength ?? 0 };
}

/** What of tfjs's Emscripten module is not in its types. */
interface EmscriptenModule {
  readonly HEAPU8: Uint8Array;
}

async function startWasm(mode: 'simd' | 'wasm', paths: TfjsPaths): Promise<void> {
  registerWasmKernels();
  env().set('WASM_HAS_SIMD_SUPPORT', mode === 'simd');
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

async function startJs(): Promise<void> {
  const { registerJsBackend } = await import('./js-backend.ts');
  registerJsBackend();
  await useBackend('cpu', 'js');
}

async function useBackend(name: string, mode: TfjsMode): Promise<void> {
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

async function withTimeout<T>(work: Promise<T>, mode: TfjsMode, ms: number): Promise<T> {
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
