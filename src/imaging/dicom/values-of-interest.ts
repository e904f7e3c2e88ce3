/** Which values become black and which white: VOI LUT or window (PS3.3 §C.11.2). */

import type { VoiFacts } from '../../shared/analysis.ts';
import { cleanText } from '../../shared/clean-text.ts';
import type { DataSet } from './data-set.ts';
import { lookUp, readLookupTable } from './lookup-table.ts';
import { tags } from './tags.ts';

/** One way to show the values: from what the modality transform gave, to 0..1. */
export interface VoiTransform {
  readonly facts: VoiFacts;
  apply(value: number): number;
}

export const voiFunctions = ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'] as const;
type VoiFunction = (typeof voiFunctions)[number];

/**
 * All that the header offers, in the order in which they count: tables before windows (§C.11.2: "alternatives"; a table is
 * made for the picture, a window is often a default). Windows that the standard forbids are left out.
 *
 * @param sources the data set and, of multi-frame files, the functional groups' items
 * @param signed whether values after the modality transform may have signs
 */
export function readVoiTransforms(sources: readonly DataSet[], signed: boolean): readonly VoiTransform[] {
  const transforms = sources.flatMap((source) => [...readTables(source, signed), ...readWindows(source)]);
  const tables = transforms.filter(({ facts }) => facts.kind === 'table');
  return [...tables, ...transforms.filter(({ facts }) => facts.kind !== 'table')];
}

function readTables(source: DataSet, signed: boolean): VoiTransform[] {
  return source.items(tags.voiLutSequence).flatMap((item) => {
    const table = readLookupTable(item, signed);
    if (table === undefined) return [];
    const white = 2 ** table.bits - 1;
    const facts: VoiFacts = { kind: 'table', ...explanation(item.text(tags.lutExplanation)) };
    return [{ facts, apply: (value) => Math.min(1, lookUp(table, value) / white) }];
  });
}

function readWindows(source: DataSet): VoiTransform[] {
  const centers = source.decimals(tags.windowCenter);
  const widths = source.decimals(tags.windowWidth);
  const explanations = source.texts(tags.windowExplanation);
  const named = source.text(tags.voiLutFunction) ?? 'LINEAR';
  // An unknown function is shown as every viewer does that does not know it.
  const voiFunction = voiFunctions.find((known) => known === named) ?? 'LINEAR';
  return centers.flatMap((center, index) => {
    const width = widths[index];
    const least = voiFunction === 'LINEAR' ? 1 : Number.MIN_VALUE;
    if (width === undefined || width < least) return [];
    const { facts, apply } = windowTransform(center, width, voiFunction);
    return [{ facts: { ...facts, ...explanation(explanations[index]) }, apply }];
  });
}

/** A few words of the device's; a file that tells a story there is not repeated. */
const maxExplanationLength = 64;

function explanation(text: string | undefined): Pick<VoiFacts, 'explanation'> {
  const words = cleanText(text ?? '', maxExplanationLength);
  return words === '' ? {} : { explanation: words };
}

/** @param width ≥ 1 for LINEAR, > 0 else */
export function windowTransform(center: number, width: number, voiFunction: VoiFunction): VoiTransform {
  const facts: VoiFacts = { kind: 'window', center, width, function: voiFunction };
  switch (voiFunction) {
    case 'LINEAR':
      // §C.11.2.1.2.1: the middle of a window of integers lies half a step below its centre.
      if (width === 1) return { facts, apply: (value) => (value <= center - 0.5 ? 0 : 1) };
      return { facts, apply: (value) => clamp((value - (center - 0.5)) / (width - 1) + 0.5) };
    case 'LINEAR_EXACT':
      return { facts, apply: (value) => clamp((value - center) / width + 0.5) };
    case 'SIGMOID':
      return { facts, apply: (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width)) };
  }
}

/** A ramp between two values, for files that say nothing; constant pictures become black. */
export function percentileTransform(low: number, high: number): VoiTransform {
  const span = high - low;
  return {
    facts: { kind: 'percentiles', center: (low + high) / 2, width: span },
    apply: span > 0 ? (value) => clamp((value - low) / span) : () => 0,
  };
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
