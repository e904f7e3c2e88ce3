/**
 * The bar of one score, as a drawing: the threshold is the line in the middle, the dashed zone is "can't tell", the
 * mark is the score. The axis is the distance from the threshold in log-odds, because thresholds of 0.03 and 0.25
 * cannot share a linear axis; the numbers stand beside it, unchanged.
 */

import { svg, html, type TemplateResult } from 'lit';
import type { FindingScore } from '../shared/analysis.ts';

/** Log-odds from the threshold to either end of the bar: odds about 7 times lower or higher. */
const halfSpan = 2;
const middlePercent = 50;
/** The mark stays whole at the ends. */
const edgePercent = 2;
/** Scores of exactly 0 or 1 have no log-odds. */
const smallestScore = 1e-6;

const heightPx = 20;
const middlePx = heightPx / 2;
const trackPx = 6;
const zonePx = 12;

function logOdds(score: number): number {
  const bounded = Math.min(1 - smallestScore, Math.max(smallestScore, score));
  return Math.log(bounded / (1 - bounded));
}

/** Place of `score` on the bar of a finding with this threshold, percent from the left; the threshold is at 50. */
export function placeOnBar(score: number, operatingPoint: number): number {
  const distance = (logOdds(score) - logOdds(operatingPoint)) / halfSpan;
  const bounded = Math.min(1, Math.max(-1, distance));
  return middlePercent + bounded * (middlePercent - edgePercent);
}

/** Triangle, diamond, empty triangle around 0, 0: the same shapes as beside the words. */
const markShapes: Readonly<Record<FindingScore['band'], string>> = {
  above: 'M0-7L7 6H-7Z',
  unsure: 'M0-8L7 0L0 8L-7 0Z',
  below: 'M0 7L7-6H-7Z',
};

export function scoreBar(finding: FindingScore): TemplateResult {
  const place = (score: number): number => placeOnBar(score, finding.operatingPoint);
  const from = place(finding.unsureRange[0]);
  const to = place(finding.unsureRange[1]);
  const percent = (value: number): string => `${value.toFixed(1)}%`;
  return html`<svg class="bar ${finding.band}" width="100%" height=${heightPx} aria-hidden="true">
    ${svg`<rect class="track" x="0.5" y=${middlePx - trackPx / 2} width="99.5%" height=${trackPx} rx=${trackPx / 2} />
      <rect class="zone" x=${percent(from)} y=${middlePx - zonePx / 2} width=${percent(to - from)} height=${zonePx} />
      <line class="threshold" x1="50%" x2="50%" y1="0" y2=${heightPx} />
      <svg class="place" x=${percent(place(finding.score))} y=${middlePx} overflow="visible">
        <path class="mark" d=${markShapes[finding.band]} />
      </svg>`}
  </svg>`;
}
