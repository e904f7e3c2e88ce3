/** How well a pack outlines lungs and heart, and measures the ratio of their widths: the pack as it ships, by the app's own code. */

import { largestParts, maskAt, unionOf, type Mask } from '../../../src/imaging/mask-parts.ts';
import { resizeArea } from '../../../src/imaging/resize.ts';
import { measureRatioLines, type LogitMap } from '../../../src/imaging/transverse-lines.ts';
import { describeAnatomy } from '../../../src/inference/describe-anatomy.ts';
import type { LungsNetwork } from '../../../src/inference/lungs-network.ts';
import { ratioOf } from '../../../src/shared/anatomy.ts';
import { seededNumbers } from '../seeded-numbers.ts';
import type { DrawnCase } from './drawn-case.ts';

/** Figures of one group of pictures. */
export interface MeanFigure {
  readonly count: number;
  readonly mean: number;
  /** 1,000 bootstraps over patients, one picture each. */
  readonly interval95: readonly [low: number, high: number];
}

export interface LungsFigures {
  /** Dice coefficients a source. */
  readonly lungs: Readonly<Record<string, MeanFigure>>;
  /** Where hearts are drawn. */
  readonly heart?: MeanFigure;
  /** Absolute error of the cardiothoracic ratio, where hearts are drawn and a ratio was found. */
  readonly ratio?: RatioFigures;
}

export interface RatioFigures extends MeanFigure {
  /** Nine of ten absolute errors are no larger. */
  readonly percentile90: number;
  /** Mean of measured − drawn. */
  readonly bias: number;
  /** Share of pictures whose drawn ratio lies inside the interval that the app shows. */
  readonly insideInterval: number;
  /** Pictures in which no ratio was found. */
  readonly notMeasured: number;
}

const bootstraps = 1000;
const seed = 1;

/** @param cases as they come; each picture is decoded already */
export async function measureLungs(network: LungsNetwork, cases: AsyncIterable<DrawnCase>): Promise<LungsFigures> {
  const lungs = new Map<string, number[]>();
  const hearts: number[] = [];
  const errors: number[] = [];
  let insideInterval = 0;
  let notMeasured = 0;
  for await (const drawn of cases) {
    const masks = network.segment(drawn.image);
    const own = lungs.get(drawn.source) ?? [];
    lungs.set(drawn.source, [...own, dice(drawnLike(masks.lungs, drawn.lungs, 2), drawn.lungs)]);
    if (drawn.heart === undefined) continue;
    hearts.push(dice(drawnLike(masks.heart, drawn.heart, 1), drawn.heart));
    const truth = measureRatioLines(asLogits(drawn.lungs), asLogits(drawn.heart), { lungs: 0, heart: 0 });
    const { ratio } = describeAnatomy(masks, network.manifest).anatomy;
    if (truth === undefined || ratio === undefined) {
      notMeasured += 1;
      continue;
    }
    const expected = ratioOf(truth);
    errors.push(ratio.value - expected);
    if (ratio.interval[0] <= expected && expected <= ratio.interval[1]) insideInterval += 1;
  }
  const absolute = errors.map(Math.abs);
  return {
    lungs: Object.fromEntries([...lungs].map(([source, values]) => [source, figureOf(values)])),
    ...(hearts.length === 0 ? {} : { heart: figureOf(hearts) }),
    ...(errors.length === 0
      ? {}
      : {
          ratio: {
            ...figureOf(absolute),
            percentile90: percentile(absolute, 0.9),
            bias: meanOf(errors),
            insideInterval: insideInterval / errors.length,
            notMeasured,
          },
        }),
  };
}

/** The network's mask in the size of the drawn one. */
function drawnLike({ width, height, logits }: LogitMap, drawn: Mask, parts: number): Mask {
  const enlarged = resizeArea(logits, width, height, drawn.width, drawn.height);
  return unionOf(largestParts(maskAt(enlarged, drawn.width, drawn.height, 0), parts), drawn.width, drawn.height);
}

function asLogits({ width, height, inside }: Mask): LogitMap {
  return { width, height, logits: Float32Array.from(inside, (value) => (value === 1 ? 1 : -1)) };
}

/** 2 |A ∩ B| / (|A| + |B|) (Dice 1945). */
function dice(a: Mask, b: Mask): number {
  let both = 0;
  let sum = 0;
  a.inside.forEach((value, place) => {
    both += value & b.inside[place]!;
    sum += value + b.inside[place]!;
  });
  return sum === 0 ? 1 : (2 * both) / sum;
}

function figureOf(values: readonly number[]): MeanFigure {
  const next = seededNumbers(seed);
  const means = Array.from({ length: bootstraps }, () =>
    meanOf(values.map(() => values[Math.min(values.length - 1, Math.floor(next() * values.length))]!)),
  );
  return {
    count: values.length,
    mean: meanOf(values),
    interval95: [percentile(means, 0.025), percentile(means, 0.975)],
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
