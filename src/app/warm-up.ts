import { AppError } from '../shared/app-error.ts';
import { packRoles } from '../shared/pack.ts';
import { installedPack } from '../storage/packs-in-use.ts';
import type { InferenceClient } from './inference-client.ts';
import type { PackInstaller } from './pack-installer.ts';
import { proofMark, requireProof } from './pack-proof.ts';

/** A page that is never idle starts its engine after this all the same. */
const latestMs = 10_000;
/** Safari has no idle callback: after its first second a page has drawn what it draws. */
const withoutIdleCallbackMs = 1_500;

const helperRoles = packRoles.filter((role) => role !== 'findings');

/**
 * In idle time after loading: starts the engine, proves the pack where this engine has not yet, and runs once, so that
 * the first X-ray does not wait for any of it. A damaged pack is mended here too; other failures are silent, for the
 * first X-ray meets and tells them.
 */
export function warmUpWhenIdle(inference: InferenceClient, installer: PackInstaller, isBusy: () => boolean): void {
  whenIdle(() => {
    if (isBusy() || document.visibilityState !== 'visible') return;
    void warmUp(inference, installer).catch(() => undefined);
  });
}

async function warmUp(inference: InferenceClient, installer: PackInstaller): Promise<void> {
  const pack = await installedPack('findings');
  if (pack === undefined) return;
  try {
    const engine = await requireProof(pack, inference, undefined, () => undefined);
    // Where the known answers were run just now the engine is warm already.
    if (pack.provenBy === proofMark(engine)) await inference.warmUp(pack);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'pack-damaged') await installer.heal(pack, error);
    // The pack was rejected just now: "ready" is not so any more.
    if (error.code === 'known-answer-mismatch') installer.look();
    return;
  }
  // Those that are asked with every X-ray; the first one meets and mends what is damaged.
  for (const role of helperRoles) {
    const helper = await installedPack(role);
    if (helper !== undefined) await requireProof(helper, inference, undefined, () => undefined);
  }
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: latestMs });
  else setTimeout(work, withoutIdleCallbackMs);
}
