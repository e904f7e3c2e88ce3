import { buildId } from '../shared/build.ts';
import type { EngineInfo } from '../shared/messages.ts';
import { getSetting, setSetting } from '../storage/settings.ts';
import type { EngineChoice, EngineWish } from './inference-client.ts';

/**
 * Which engine to start. The worker tries and measures (threads only on an isolated page, and only where they proved
 * faster); what came out is remembered for this build (whose kernels it was measured with), browser and number of cores, so
 * that it is measured once.
 */

/** More and more modest, one step for each start that failed. */
const fallbacks: readonly EngineWish[] = [{ mode: 'simd' }, { mode: 'wasm' }, { mode: 'js' }];

/** iPads say that they are Macs, which have no touch screen. */
function isAppleMobile(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /\b(?:iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);
}

/**
 * @param failedStarts in a row; 0 asks for what was remembered
 * @returns `undefined` leaves the choice to the worker
 */
async function choose(failedStarts: number): Promise<EngineWish | undefined> {
  if (failedStarts > 0) return fallbacks[Math.min(failedStarts, fallbacks.length) - 1];
  // Shared memory there has ended pages, and threads were never proven: one.
  if (isAppleMobile()) return fallbacks[0];
  const remembered = await getSetting('threadChoice').catch(() => undefined);
  const { buildId: build, userAgent, cores } = thisDevice();
  const isOfThisDevice =
    remembered?.buildId === build && remembered.userAgent === userAgent && remembered.cores === cores;
  if (!isOfThisDevice) return undefined;
  const { mode, threads } = remembered;
  // Measured on a page that was not isolated yet (the first visit of a static host), or no longer is.
  const mayMeasureThreads = crossOriginIsolated && threads === 0;
  if (mayMeasureThreads || (mode === 'threads' && !crossOriginIsolated)) return undefined;
  return { mode, threads };
}

/** What a choice holds for. */
function thisDevice(): { readonly buildId: string; readonly userAgent: string; readonly cores: number } {
  return { buildId, userAgent: navigator.userAgent, cores: navigator.hardwareConcurrency };
}

/** Remembers what runs. `threads: 0` marks a choice made where threads could not be tried. */
async function remember({ mode, threads }: EngineInfo): Promise<void> {
  const choice = { mode, threads: crossOriginIsolated ? threads : 0, ...thisDevice() };
  // Not remembering costs one more measurement, nothing else.
  await setSetting('threadChoice', choice).catch(() => undefined);
}

export const engineChoice: EngineChoice = {
  /** The remembered or measured mode, then each fallback. */
  maxAttempts: 1 + fallbacks.length,
  choose,
  remember,
};
