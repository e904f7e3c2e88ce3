/** From labels and answers to what is measured. */

import type { FindingsManifest } from '../../src/shared/pack.ts';
import type { LabelledImage } from './labels/labelled-image.ts';
import type { GateAnswer } from './measure/measure-gate.ts';
import { ageGroup } from './measure/measure-groups.ts';
import type { PointedFinding } from './measure/measure-localisation.ts';
import { createSample, type Sample, type SampleRow } from './measure/sample.ts';
import type { ScoredImage } from './scored-image.ts';

/** One picture, its network and the answer. */
export interface Answered {
  readonly image: LabelledImage;
  readonly manifest: Pick<FindingsManifest, 'findings'>;
  readonly scored: ScoredImage;
}

type Read = Answered & { readonly answer: Extract<ScoredImage['answer'], { readonly logits: unknown }> };

/** Those that could be read. */
export function readOnes(answered: readonly Answered[]): Read[] {
  return answered.flatMap((each) => {
    const { answer } = each.scored;
    return 'logits' in answer ? [{ ...each, answer }] : [];
  });
}

/** Error code → pictures. */
export function countErrors(answered: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { scored } of answered) {
    if ('error' in scored.answer) counts[scored.answer.error] = (counts[scored.answer.error] ?? 0) + 1;
  }
  return counts;
}

/**
 * Labelled pictures that were read, refused ones too: who is refused is no reason to leave a mistake out.
 *
 * @param findings in the order of the columns; each is an output of every network
 */
export function gatherSample(answered: readonly Answered[], findings: readonly string[]): Sample {
  const labelled = readOnes(answered).filter(({ image }) => image.findings !== undefined);
  const rows = labelled.map(({ image, answer }): SampleRow => {
    const groups = { ...image.groups, ...(image.age === undefined ? {} : { age: ageGroup(image.age) }) };
    const { file, patient, fold } = image;
    return { file, patient, inputKind: answer.inputKind, groups, ...(fold === undefined ? {} : { fold }) };
  });
  const columns = findings.map((id) => ({
    id,
    labels: Uint8Array.from(labelled, ({ image }) => (image.findings?.has(id) === true ? 1 : 0)),
    logits: Float64Array.from(
      labelled,
      ({ manifest, answer }) => answer.logits[manifest.findings.findIndex((finding) => finding.id === id)]!,
    ),
  }));
  return createSample(rows, columns);
}

const unnamedKind = 'labelled';

export function gatherGate(answered: readonly Answered[]): GateAnswer[] {
  return readOnes(answered).map(({ image, answer: { verdict, reasons } }) => ({
    kind: image.kind ?? unnamedKind,
    verdict,
    reasons,
  }));
}

/** One entry a picture and finding with boxes that the network answers for. */
export function gatherPointed(answered: readonly Answered[]): PointedFinding[] {
  return readOnes(answered).flatMap(({ image, manifest, answer }) => {
    const names = [...new Set(image.boxes.map(({ finding }) => finding))];
    return names.flatMap((finding): PointedFinding[] => {
      const peak = answer.peaks[manifest.findings.findIndex(({ id }) => id === finding)];
      if (peak === undefined) return [];
      const boxes = image.boxes.filter((box) => box.finding === finding);
      const { width, height, centre, lungsCentre } = answer;
      return [{ finding, boxes, width, height, peak, centre, ...(lungsCentre === undefined ? {} : { lungsCentre }) }];
    });
  });
}
