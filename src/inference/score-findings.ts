import type { Band, FindingScore, Grade, InputKind } from '../shared/analysis.ts';
import { grades } from '../shared/analysis.ts';
import type { FindingsManifest, OperatingPoint, PackFinding } from '../shared/pack.ts';
import type { SitePrevalences } from '../shared/site-prevalences.ts';
import { calibratedProbability, logOdds, sigmoid } from './calibrated-probability.ts';

/** "Can't tell" where a pack measured no range: this share of the operating point's odds to both sides. */
const unmeasuredOddsShare = 0.15;

const bands: readonly Band[] = ['above', 'unsure', 'below'];

/**
 * Logits as scores with their bands, in the order of the screen: by band, then by grade, then by the signed distance
 * in log-odds from the finding's own operating point, farthest above first. Scores of different findings are not
 * comparable; distances from their thresholds nearly are. Where the pack has a calibration for this kind of input, the
 * probability is stated at the prevalence that the site states, else at the pack's reference; bands never move with it.
 * Pure.
 *
 * @param logits one a finding, in the order of the pack
 * @param inputKind a kind without operating points of its own uses those for digital originals (`thresholdsName` says so);
 *   one without a calibration of its own is not calibrated
 */
export function scoreFindings(
  logits: ArrayLike<number>,
  manifest: Pick<FindingsManifest, 'findings'>,
  inputKind: InputKind,
  prevalences: SitePrevalences = {},
): FindingScore[] {
  const scored = manifest.findings.map((finding, index) =>
    scoreFinding(logits[index] ?? NaN, finding, inputKind, prevalences[finding.id]),
  );
  scored.sort(
    (a, b) =>
      bands.indexOf(a.score.band) - bands.indexOf(b.score.band) ||
      rankOf(a.score.grade) - rankOf(b.score.grade) ||
      b.distance - a.distance,
  );
  return scored.map(({ score }) => score);
}

/**
 * Which operating points and prevalences were used: `pocket@1.0.0`, with the kind where they were made for another one,
 * and with what the site stated itself: `pocket@2.0.0; prevalence by the site: Pneumonia 0.05`.
 */
export function thresholdsName(
  manifest: Pick<FindingsManifest, 'id' | 'version' | 'findings'>,
  inputKind: InputKind,
  prevalences: SitePrevalences = {},
): string {
  const { findings } = manifest;
  const isOwn = findings.every((finding) => finding.operatingPoints[inputKind] !== undefined);
  const stated = findings.flatMap(({ id, calibration }) => {
    const prevalence = prevalences[id];
    return calibration?.[inputKind] === undefined || prevalence === undefined ? [] : [`${id} ${prevalence}`];
  });
  return [
    `${manifest.id}@${manifest.version}`,
    isOwn ? '' : ` (digital, used for ${inputKind})`,
    stated.length === 0 ? '' : `; prevalence by the site: ${stated.join(', ')}`,
  ].join('');
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
  sitePrevalence: number | undefined,
): { readonly score: FindingScore; readonly distance: number } {
  const point = finding.operatingPoints[inputKind] ?? finding.operatingPoints.digital;
  const score = sigmoid(logit);
  const [low, high] = unsureRangeOf(point);
  return {
    score: {
      id: finding.id,
      score,
      ...probabilityOf(logit, finding, inputKind, sitePrevalence),
      operatingPoint: point.score,
      unsureRange: [low, high],
      band: score > high ? 'above' : score < low ? 'below' : 'unsure',
      grade: finding.grade,
    },
    distance: logit - logOdds(point.score),
  };
}

function probabilityOf(
  logit: number,
  { calibration, referencePrevalence }: PackFinding,
  inputKind: InputKind,
  sitePrevalence: number | undefined,
): Pick<FindingScore, 'probability' | 'calibrated' | 'prevalence' | 'interval'> {
  const own = calibration?.[inputKind];
  if (own === undefined) return { probability: sigmoid(logit), calibrated: false };
  const prevalence = sitePrevalence ?? referencePrevalence?.value ?? own.samplePrevalence;
  return { ...calibratedProbability(logit, own, prevalence), calibrated: true, prevalence };
}

function rankOf(grade: Grade): number {
  return grades.indexOf(grade);
}
