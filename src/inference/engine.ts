import { AppError } from '../shared/app-error.ts';
import type { EngineInfo, EngineMode } from '../shared/messages.ts';
import { startFaster } from './calibrate-threads.ts';
import { startMode, type EnginePaths } from './tfjs-modes.ts';

export { engineMemory, type EnginePaths } from './tfjs-modes.ts';

/** From fast to everywhere. */
const singleThreadModes: readonly EngineMode[] = ['simd', 'wasm', 'js'];

/**
 * Starts tfjs. A named mode is started or refused; without one the best that works here: threads where the page is
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
