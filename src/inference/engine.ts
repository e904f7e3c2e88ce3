import { AppError } from '../shared/app-error.ts';
import type { EngineInfo, EngineMode } from '../shared/messages.ts';
import { startFaster } from './calibrate-threads.ts';
import { startMode, startStock, type EnginePaths } from './engine-modes.ts';
import { StockEngineMissing } from './stock-engine.ts';

export { engineMemory, type EnginePaths } from './engine-modes.ts';

/** From fast to everywhere. */
const singleThreadModes: readonly EngineMode[] = ['simd', 'wasm', 'js'];

/**
 * Starts an engine. A named mode is started or refused; without one the best that works here: threads where the page is
 * isolated and they prove faster, else SIMD, else plain WebAssembly, else JavaScript. What was loaded onto an engine
 * that ran before is gone. `threads`: how many, in mode `threads`.
 *
 * A thread that hangs later blocks this whole worker, which then must be ended from outside.
 *
 * @throws AppError `engine-start-failed`, `engine-timeout`
 */
export async function startEngine(
  mode: EngineMode | undefined,
  paths: EnginePaths,
  threads?: number,
): Promise<EngineInfo> {
  if (mode !== undefined) return startMode(mode, paths, threads);
  const measured = await startFaster(paths);
  if (measured !== undefined) return measured;
  let lastFailure: unknown;
  for (const modest of singleThreadModes) {
    try {
      return await startMode(modest, paths);
    } catch (thrown) {
      lastFailure = thrown;
    }
  }
  throw AppError.from(lastFailure, 'engine-start-failed');
}

/**
 * Loads a network on the engine that runs, and starts tfjs first where the network needs it.
 *
 * @param load may be called twice
 * @throws AppError `engine-start-failed`, `engine-timeout`, and whatever `load` throws
 */
export async function loadOnEngine<Network>(load: () => Network): Promise<Network> {
  try {
    return load();
  } catch (thrown) {
    if (!(thrown instanceof StockEngineMissing)) throw thrown;
    await startStock();
    return load();
  }
}
