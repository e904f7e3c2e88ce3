import { buildId } from '../shared/build.ts';
import type { EngineInfo, EngineMode } from '../shared/messages.ts';
import { getSetting, setSetting } from '../storage/settings.ts';
import type { EngineChoice } from './inference-client.ts';

/**
 * Which engine to start. The worker tries and measures (threads only on an isolated page, and only where they proved
 * faster); what came out is remembered for this build and browser, so that it is measured once.
 */

/** More and more modest, one step for each start that failed. */
const fallbacks: readonly EngineMode[] = ['simd', 'wasm', 'js'];

/**
 * @param failedStarts in a row; 0 asks for what was remembered
 * @returns `undefined` leaves the choice to the worker
 */
async function choose(failedStarts: number): Promise<EngineMode | undefined> {
  if (failedStarts > 0) return fallbacks[Math.min(failedStarts, fallbacks.length) - 1];
  const remembered = await getSetting('threadChoice').catch(() => undefined);
  if (remembered === undefined || remembered.buildId !== buildId || remembered.userAgent !== navigator.userAgent) {
    return undefined;
  }
  // Measured on a page that was not isolated yet (the first visit of a static host), or no longer is.
  const mayMeasureThreads = crossOriginIsolated && remembered.threads === 0;
  if (mayMeasureThreads || (remembered.mode === 'threads' && !crossOriginIsolated)) return undefined;
  return remembered.mode;
}

/** Remembers what runs. `threads: 0` marks a choice made where threads could not be tried. */
async function remember({ mode, threads }: EngineInfo): Promise<void> {
  const choice = { mode, threads: crossOriginIsolated ? threads : 0, buildId, userAgent: navigator.userAgent };
  // Not remembering costs one more measurement, nothing else.
  await setSetting('threadChoice', choice).catch(() => undefined);
}

export const engineChoice: EngineChoice = {
  /** The remembered or measured mode, then each fallback. */
  maxAttempts: 1 + fallbacks.length,
  choose,
  remember,
};
