import { AppError, type ErrorCode } from '../shared/app-error.ts';
import { buildId } from '../shared/build.ts';
import type { EngineInfo, PackKey, Proof } from '../shared/messages.ts';
import { installVersion } from '../storage/pack-versions.ts';
import { setPackState, type PackRecord } from '../storage/packs.ts';
import type { InferenceClient } from './inference-client.ts';

/**
 * What a proof holds for: the engine that computed it, this build of the app, this version of the browser.
 * Any of them changed, and the known answers are run again before the next result (DESIGN: numerics).
 */
export function proofMark(engine: EngineInfo): string {
  return `${engine.mode} ${engine.kernels} ${buildId} ${navigator.userAgent}`;
}

/** Failures that are the pack's own: another start will not mend them. */
const packsOwnFailures: ReadonlySet<ErrorCode> = new Set(['pack-invalid', 'pack-version-unknown', 'wrong-output']);

/**
 * Takes a stored pack through `proving` to `installed` or `rejected`. An older version answers until then, and stays.
 * What is not the pack's fault (the engine did not start, Cancel) leaves it `stored` and is thrown.
 */
export async function provePack(pack: PackKey, inference: InferenceClient, signal?: AbortSignal): Promise<PackRecord> {
  await setPackState(pack, 'proving');
  try {
    const { proof, engine } = await inference.prove(pack, signal);
    if (!proof.passed) return await setPackState(pack, 'rejected', { error: mismatch(pack, proof).toPlain() });
    return await installVersion(pack, proofMark(engine));
  } catch (thrown) {
    const error = AppError.from(thrown, 'engine-crashed');
    if (packsOwnFailures.has(error.code)) return setPackState(pack, 'rejected', { error: error.toPlain() });
    await setPackState(pack, 'stored');
    throw error;
  }
}

/**
 * Before a result: true known answers in the engine that runs now. Quick where they were run in it before.
 * @throws AppError `known-answer-mismatch`: this device computes wrongly, and no result may be shown
 */
export async function requireProof(
  pack: PackRecord,
  inference: InferenceClient,
  signal: AbortSignal | undefined,
  onProving: () => void,
): Promise<EngineInfo> {
  const engine = await inference.ready(pack, signal);
  if (pack.provenBy === proofMark(engine)) return engine;
  onProving();
  const answered = await inference.prove(pack, signal);
  if (!answered.proof.passed) {
    const error = mismatch(pack, answered.proof);
    await setPackState(pack, 'rejected', { error: error.toPlain(), provenBy: undefined });
    throw error;
  }
  await setPackState(pack, 'installed', { provenBy: proofMark(answered.engine) });
  return answered.engine;
}

function mismatch(pack: PackKey, proof: Proof): AppError {
  return new AppError('known-answer-mismatch', {
    pack: `${pack.id}@${pack.version}`,
    mode: proof.mode,
    input: proof.worstInput,
    logit: proof.worstLogit,
    probability: proof.worstProbability,
  });
}
