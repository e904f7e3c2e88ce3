import type { Band, FindingScore, Grade, InputKind } from '../shared/analysis.ts';
import { grades } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { OperatingPoint, PackFinding, FindingsManifest } from '../shared/pack.ts';

/** "Can't tell" where a pack measured no range: this share of the operating point's odds to both sides. */
const unmeasuredOddsShare = 0.15;

const bands: readonly Band[] = ['above', 'unsure', 'below'];

/** The network's sigmoid of a logit, 0..1. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Log-odds of a share strictly between 0 and 1. */
function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}

/**
 * Logits as scores with their bands, in the order of the screen: by band, then by grade, then by the signed distance
 * in log-odds from the finding's own operating point, farthest above first. Scores of different findings are not
 * comparable; distances from their thresholds nearly are. Pure.
 *
 * @param logits one a finding, in the order of the pack
 * @param inputKind a kind without operating points of its own uses those for digital originals (`thresholdsName` says so)
 * @throws AppError `pack-invalid` for a pack that claims calibration: version 1 of the format has no way to state it
 */
export function scoreFindings(
  logits: ArrayLike<number>,
  manifest: Pick<FindingsManifest, 'findings' | 'calibrated'>,
  inputKind: InputKind,
): FindingScore[] {
  if (manifest.calibrated) throw new AppError('pack-invalid', { reason: 'calibrated without a calibration' });
  const scored = manifest.findings.map((finding, index) => scoreFinding(logits[index] ?? NaN, finding, inputKind));
  scored.sort(
    (a, b) =>
      bands.indexOf(a.score.band) - bands.indexOf(b.score.band) ||
      rankOf(a.score.grade) - rankOf(b.score.grade) ||
      b.distance - a.distance,
  );
  return scored.map(({ score }) => score);
}

/** Which operating points were used: `pocket@1.0.0`, with the kind where they were made for another one. */
export function thresholdsName(
  manifest: Pick<FindingsManifest, 'id' | 'version' | 'findings'>,
  inputKind: InputKind,
): string {
  const name = `${manifest.id}@${manifest.version}`;
  const isOwn = manifest.findings.every((finding) => finding.operatingPoints[inputKind] !== undefined);
  return isOwn ? name : `${name} (digital, used for ${inputKind})`;
}

/** The ends of "can't tell" on the score. */
export function unsureRangeOf(point: OperatingPoint): readonly [number, number] {
  if (point.unsureRange !== undefined) return point.unsureRange;
  const odds = point.score / (1 - point.score);
  const fromOdds = (value: number): number => value / (1 + value);
  return [fromOdds(odds * (1 - unmeasuredOddsShare)), fromOdds(odds * (1 + unmeasuredOddsShare))];
}

function scoreFinding(
  logit: number,
  finding: PackFinding,
  inputKind: InputKind,
): { readonly score: FindingScore; readonly distance: number } {
  const point = finding.operatingPoints[inputKind] ?? finding.operatingPoints.digital;
  const score = sigmoid(logit);
  const [low, high] = unsureRangeOf(point);
  return {
    score: {
      id: finding.id,
      score,
      probability: score,
      calibrated: false,
      operatingPoint: point.score,
      unsureRange: [low, high],
      band: score > high ? 'above' : score < low ? 'below' : 'unsure',
      grade: finding.grade,
    },
    distance: logit - logOdds(point.score),
  };
}

function rankOf(grade: Grade): number {
  return grades.indexOf(grade);
}
