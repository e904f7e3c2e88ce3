/**
 * From stored values to grey, the one way that the networks see every DICOM file
 * (docs/decisions/0018-dicom.md; frozen by test/golden/dicom-pipeline.node.ts):
 *
 * 1. padding (PS3.3 §C.7.5.1.1.2) is set apart: it becomes black and takes no part in step 3;
 * 2. modality LUT, else rescale slope and intercept (§C.11.1);
 * 3. the first VOI LUT, else the first window, else a ramp between two percentiles (§C.11.2);
 * 4. MONOCHROME1 is inverted, last (§C.7.6.3.1.2).
 *
 * What people do in a viewer never changes it. Only "Analyse inverted" does, which swaps step 4, and `--window` of the command
 * line, which takes another one in step 3; both are recorded.
 */

import type { PictureLook, VoiFacts } from '../../shared/analysis.ts';
import { AppError } from '../../shared/app-error.ts';
import type { DataSet } from './data-set.ts';
import { lookUp, readLookupTable } from './lookup-table.ts';
import type { StoredFrame } from './stored-values.ts';
import { tags } from './tags.ts';
import { percentileTransform, readVoiTransforms, type VoiTransform } from './values-of-interest.ts';

/** Goes up when the same file would become other pixels. */
export const dicomPipelineVersion = 1;

/** Where no window is given: the darkest and brightest half percent are burnt out (markers, collimator edges). */
const lowShare = 0.005;
const highShare = 0.995;
/** Beyond this many values percentiles are taken of every n-th one. */
const maxSortedValues = 1_000_000;

export interface GreyPipeline {
  readonly voi: VoiFacts;
  /** The tables and windows that the header offers. */
  readonly offered: readonly VoiFacts[];
  /** @returns 0..1 */
  apply(stored: number): number;
}

/**
 * @param sources data set first, then the functional groups' items of this frame
 * @param options `voi`: which of the header's tables and windows, 0 = the first; `inverted`: black and white swapped
 * @throws AppError `wrong-usage` where there is no such choice
 */
export function createGreyPipeline(
  sources: readonly DataSet[],
  frame: StoredFrame,
  { voi: choice = 0, inverted = false }: Pick<PictureLook, 'voi' | 'inverted'>,
): GreyPipeline {
  const isPadding = readPadding(sources, frame.image.signed);
  const modality = readModalityTransform(sources, frame.image.signed);
  const transforms = readVoiTransforms(sources, frame.image.signed || modality(0) < 0);
  if (choice !== 0 && transforms[choice] === undefined) {
    throw noSuchWindow(choice, transforms.length);
  }
  const voi = transforms[choice] ?? fromPercentiles(frame, isPadding, modality);
  const isInverted = (frame.photometric === 'MONOCHROME1') !== inverted;
  return {
    voi: voi.facts,
    offered: transforms.map(({ facts }) => facts),
    apply: (stored) => {
      if (isPadding(stored)) return 0;
      const shown = voi.apply(modality(stored));
      return isInverted ? 1 - shown : shown;
    },
  };
}

/** @param choice 0-based */
export function noSuchWindow(choice: number, offered: number): AppError {
  return new AppError('wrong-usage', { reason: `window ${choice + 1} of ${offered}` });
}

function readPadding(sources: readonly DataSet[], signed: boolean): (stored: number) => boolean {
  const vr = signed ? 'SS' : 'US';
  const value = firstOf(sources, (source) => source.number(tags.pixelPaddingValue, vr));
  if (value === undefined) return () => false;
  const limit = firstOf(sources, (source) => source.number(tags.pixelPaddingRangeLimit, vr)) ?? value;
  const [low, high] = value < limit ? [value, limit] : [limit, value];
  return (stored) => stored >= low && stored <= high;
}

function readModalityTransform(sources: readonly DataSet[], signed: boolean): (stored: number) => number {
  const item = firstOf(sources, (source) => source.items(tags.modalityLutSequence)[0]);
  const table = item === undefined ? undefined : readLookupTable(item, signed);
  if (table !== undefined) return (stored) => lookUp(table, stored);
  const slope = firstOf(sources, (source) => source.decimal(tags.rescaleSlope));
  const intercept = firstOf(sources, (source) => source.decimal(tags.rescaleIntercept)) ?? 0;
  // A slope of 0 would make every picture empty: it was never meant.
  if (slope === undefined || slope === 0) return (stored) => stored + (slope === 0 ? 0 : intercept);
  return (stored) => stored * slope + intercept;
}

function fromPercentiles(
  { values }: StoredFrame,
  isPadding: (stored: number) => boolean,
  modality: (stored: number) => number,
): VoiTransform {
  const step = Math.max(1, Math.ceil(values.length / maxSortedValues));
  const sorted = new Int32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let at = 0; at < values.length; at += step) {
    const value = values[at]!;
    if (isPadding(value)) continue;
    sorted[count] = value;
    count += 1;
  }
  if (count === 0) return percentileTransform(0, 0);
  const used = sorted.subarray(0, count).sort();
  const ends = [lowShare, highShare].map((share) => modality(used[Math.round(share * (count - 1))]!));
  // A negative slope swaps them.
  return percentileTransform(Math.min(...ends), Math.max(...ends));
}

export function firstOf<T>(sources: readonly DataSet[], read: (source: DataSet) => T | undefined): T | undefined {
  for (const source of sources) {
    const value = read(source);
    if (value !== undefined) return value;
  }
  return undefined;
}
