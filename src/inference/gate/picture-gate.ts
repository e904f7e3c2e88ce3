import type { Reason, ReasonCode } from '../../shared/analysis.ts';
import { gateOutputs, type GateManifest } from '../../shared/pack.ts';
import { sigmoid } from '../calibrated-probability.ts';

/** A slice of `gateOutputs`: exactly one of these holds. */
const kinds = gateOutputs.slice(0, 5);
const turns = gateOutputs.slice(5, 9);

/** What is answered apart from kind and turn; which side is which cannot be told of a turned chest. */
const questions = [
  ['inverted', 'refuse'],
  ['mirrored', 'warn'],
  ['child', 'warn'],
] as const;

type Output = (typeof gateOutputs)[number];

/** What is said of a picture of another kind. */
const reasonOfKind: Readonly<Partial<Record<Output, ReasonCode>>> = {
  lateral: 'lateral',
  'other-radiograph': 'other-body-part',
  slice: 'other-modality',
  picture: 'not-an-xray',
};

const reasonOfTurn: Readonly<Partial<Record<Output, ReasonCode>>> = {
  'rotated-90': 'rotated-90',
  'rotated-180': 'rotated-180',
  'rotated-270': 'rotated-270',
};

/**
 * Reasons of a trained gate. Another kind of picture is refused where it is surely one and warned of where it may be; a chest that
 * is turned or inverted, where that is sure; mirrored, or a child's, only ever warned of. How a picture that is no chest lies is not
 * asked.
 *
 * @param logits in the order of `gateOutputs`
 */
export function gateOnPicture(logits: Float32Array, { id, version, limits }: GateManifest): readonly Reason[] {
  const source = `${id}@${version}`;
  const logit = (output: Output): number => logits[gateOutputs.indexOf(output)]!;
  const kind = softmax(kinds.map(logit));
  const foreign = 1 - kind[0]!;
  if (foreign > limits.warnKind) {
    const likeliest = kinds[kind.indexOf(Math.max(...kind.slice(1)), 1)]!;
    const isSure = foreign > limits.refuseKind;
    const threshold = isSure ? limits.refuseKind : limits.warnKind;
    const reason: Reason = {
      code: reasonOfKind[likeliest] ?? 'not-an-xray',
      severity: isSure ? 'refuse' : 'warn',
      value: foreign,
      threshold,
      source,
    };
    if (isSure) return [reason];
    return [reason, ...reasonsOfChest()];
  }
  return reasonsOfChest();

  function reasonsOfChest(): readonly Reason[] {
    const turn = softmax(turns.map(logit));
    const turned = 1 - turn[0]!;
    const likeliest = turns[turn.indexOf(Math.max(...turn.slice(1)), 1)]!;
    const reasons: Reason[] = [];
    if (turned > limits.turned) {
      const code = reasonOfTurn[likeliest]!;
      reasons.push({ code, severity: 'refuse', value: turned, threshold: limits.turned, source });
    }
    const isTurned = reasons.length > 0;
    for (const [code, severity] of questions) {
      if (isTurned && code === 'mirrored') continue;
      const value = sigmoid(logit(code));
      if (value > limits[code]) reasons.push({ code, severity, value, threshold: limits[code], source });
    }
    return reasons;
  }
}

function softmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
