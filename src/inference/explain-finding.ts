import type { Explanation, FindingMap } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { ExplainProgress, ExplainRequest } from '../shared/messages.ts';
import type { FindingsNetwork } from './findings-network.ts';
import type { GradientNetwork } from './kernels/gradient-network.ts';
import { occlusionMap } from './occlusion-map.ts';
import { saliencyMap } from './saliency-map.ts';

export interface ExplainingNetworks {
  /** Proven: it says what the gradient's forward pass has to give. */
  readonly network: FindingsNetwork;
  /** Loaded when first asked for; `undefined` where there is no way back. */
  readonly gradient: () => Promise<GradientNetwork | undefined>;
}

/** Work between two questions whether to go on: with what a slow phone does on top of it, Cancel acts within 300 ms. */
const partMs = 50;
/** How far the gradient's own forward pass may be from the proven network's, in logit (DESIGN: any engine). */
const logitTolerance = 0.01;

/**
 * Explains a finding of one picture in detail.
 *
 * @throws AppError `cancelled` when `onProgress` says so, `gradient-unavailable`, `wrong-output`, `pack-invalid`
 */
export async function explainFinding(
  { finding, kind, input }: ExplainRequest,
  networks: ExplainingNetworks,
  onProgress: ExplainProgress,
): Promise<Explanation> {
  const { network } = networks;
  const { findings, input: size } = network.manifest;
  const index = findings.findIndex(({ id }) => id === finding);
  if (index < 0) throw new AppError('pack-invalid', { reason: `no finding ${finding}` });
  const report = async (share: number): Promise<void> => {
    if (!(await onProgress(share))) throw new AppError('cancelled');
  };
  await report(0);
  const { width, height } = size;
  const map: FindingMap =
    kind === 'gradient'
      ? saliencyMap(await inputGradient(input, index, networks, report), width, height)
      : await occlusionMap(input, {
          width,
          height,
          logitOf: (seen) => network.answer(seen)[index]!,
          onProgress: report,
        });
  return { kind, finding, map };
}

async function inputGradient(
  input: Float32Array,
  index: number,
  { network, gradient }: ExplainingNetworks,
  report: (share: number) => Promise<void>,
): Promise<Float32Array> {
  const expected = network.answer(input)[index]!;
  const loaded = await gradient();
  if (loaded === undefined) throw new AppError('gradient-unavailable');
  const run = loaded.run(input, index);
  let asked = performance.now();
  for (;;) {
    const step = run.next();
    if (step.done === true) {
      const { output, gradient: found } = step.value;
      requireRight(output[index]!, expected, found);
      return found;
    }
    if (performance.now() - asked < partMs) continue;
    await report(step.value);
    asked = performance.now();
  }
}

function requireRight(logit: number, expected: number, gradient: Float32Array): void {
  if (!(Math.abs(logit - expected) <= logitTolerance)) {
    throw new AppError('wrong-output', { output: 'gradient', reason: `its logit is ${logit}, not ${expected}` });
  }
  if (!gradient.every(Number.isFinite))
    throw new AppError('wrong-output', { output: 'gradient', reason: 'not a number' });
}
