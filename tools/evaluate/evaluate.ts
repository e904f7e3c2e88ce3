/** `npm run evaluate`: pictures and labels in, answers of the packs that ship, figures out. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appVersion } from '../../src/shared/build.ts';
import type { FindingsManifest, PackContents } from '../../src/shared/pack.ts';
import { dataFolder } from '../data-folder.ts';
import { loadEmbeddedPack, loadFindingsPack, readPackFolder } from '../read/load-pack-folder.ts';
import { openPack } from '../read/open-pack.ts';
import { findModelsFolder } from '../read/run-command-line.ts';
import type { MeasureOptions } from './arguments.ts';
import { countErrors, gatherGate, gatherPointed, gatherSample, type Answered } from './gather-sample.ts';
import type { LabelTable, LabelledImage } from './labels/labelled-image.ts';
import { readLabels } from './labels/read-labels.ts';
import { crossFittedDecisions, shippedDecisions } from './measure/decision-rules.ts';
import { measureFindings } from './measure/measure-findings.ts';
import { measureGate } from './measure/measure-gate.ts';
import { measureGroups } from './measure/measure-groups.ts';
import { measureLocalisation } from './measure/measure-localisation.ts';
import { measureMasks } from './measure/measure-masks.ts';
import { filterSample, patientCount, type Sample } from './measure/sample.ts';
import { reportFormatVersion, type FoldReport, type LungsReport, type Report } from './report.ts';
import { scoreImages, type BesidePacks, type ScoringTask } from './score-images.ts';
import { networkKey } from './scored-image.ts';
import { prepareAuc } from './statistics/auc.ts';

type FindingsPack = PackContents<FindingsManifest>;

/** One result: a report and what it was measured on. */
export interface Evaluation {
  readonly report: Report;
  readonly answered: readonly Answered[];
  readonly sample: Sample;
}

/**
 * Runs every pack over the pictures and measures each; with `folds` the packs are one.
 *
 * @returns one evaluation a pack; `undefined` where `signal` ended it
 * @throws Error with a sentence, AppError of packs and engine
 */
export async function evaluate(options: MeasureOptions, signal: AbortSignal): Promise<Evaluation[] | undefined> {
  const folder = options.folder ?? nihFolder();
  const table = await readLabels(folder, options.labels);
  const images = spread(ofFold(table.images, options.fold), options.limit);
  const tasks = options.folds ? await foldTasks(images, options.packs[0]) : await packTasks(images, options.packs);
  const beside = await besidePacks();
  const scores = await scoreImages(tasks, beside, options.out, signal);
  if (scores === undefined) return undefined;
  const lungs = await masksOf(images, beside, signal);
  if (lungs === undefined) return undefined;
  const answers = tasks.map((task, index) =>
    task.images.map((image, place): Answered => {
      return { image, manifest: task.pack.manifest, scored: scores[index]![place]! };
    }),
  );
  const named = options.name ?? (options.folder === undefined ? 'NIH ChestX-ray14' : basename(resolve(folder)));
  const name = options.fold === undefined ? named : `${named} fold ${options.fold}`;
  const measured = { table, name, bootstrap: options.bootstrap, lungs };
  if (options.folds) return [await measure(tasks, answers.flat(), { ...measured, crossValidated: true })];
  return Promise.all(
    tasks.map((task, index) => measure([task], answers[index]!, { ...measured, crossValidated: false })),
  );
}

function nihFolder(): string {
  const data = dataFolder();
  if (data === undefined)
    throw new Error('Name a folder of pictures; without one the data folder is taken, and there is none.');
  return join(data, 'nih');
}

function ofFold(images: readonly LabelledImage[], fold: string | undefined): readonly LabelledImage[] {
  if (fold === undefined) return images;
  const own = images.filter((image) => image.fold === fold);
  if (own.length === 0) throw new Error(`The table has no picture of fold ${fold}: it needs a column "fold".`);
  return own;
}

/** `limit` pictures, evenly over the table, the same ones each time. */
function spread(images: readonly LabelledImage[], limit = images.length): readonly LabelledImage[] {
  if (limit >= images.length) return images;
  return Array.from({ length: limit }, (_, index) => images[Math.floor((index * images.length) / limit)]!);
}

/** The gate and the lungs of `models/`, as in the app. */
async function besidePacks(): Promise<BesidePacks> {
  const models = findModelsFolder();
  const [gate, lungs] = [await loadEmbeddedPack(models, 'gate'), await loadEmbeddedPack(models, 'lungs')];
  return { ...(gate && { gate }), ...(lungs && { lungs }) };
}

async function masksOf(
  images: readonly LabelledImage[],
  { lungs }: BesidePacks,
  signal: AbortSignal,
): Promise<LungsReport | null | undefined> {
  if (lungs === undefined) return null;
  const drawn = images.flatMap(({ path, mask, groups: { source = 'all' } }) =>
    mask === undefined ? [] : [{ source, image: path, mask: mask.path, hasHeart: mask.hasHeart }],
  );
  return measureMasks(lungs, drawn, signal);
}

async function packTasks(images: readonly LabelledImage[], places: readonly string[]): Promise<ScoringTask[]> {
  const models = findModelsFolder();
  const packs = places.length === 0 ? [await loadFindingsPack(models)] : [];
  for (const place of places) packs.push(asFindings(await openPack(place, models), place));
  return packs.map((pack) => ({ pack, images }));
}

/** `training/folds/` of the repository. */
const ownFolds = join(dirname(fileURLToPath(import.meta.url)), '../../training/folds');

async function foldTasks(images: readonly LabelledImage[], folder = ownFolds): Promise<ScoringTask[]> {
  const entries = existsSync(folder) ? await readdir(folder) : [];
  const folds = entries.filter((fold) => existsSync(join(folder, fold, 'pack.json'))).sort();
  if (folds.length < 2)
    throw new Error(`${folder} holds no packs of a cross-validation: folders named as the folds are.`);
  const tasks: ScoringTask[] = [];
  for (const fold of folds) {
    tasks.push({ pack: asFindings(await readPackFolder(join(folder, fold)), fold), images: ofFold(images, fold) });
  }
  return tasks;
}

function asFindings(pack: PackContents, place: string): FindingsPack {
  const { manifest, files } = pack;
  if (manifest.role !== 'findings')
    throw new Error(`${place} is a pack of the role ${manifest.role}: it has no findings.`);
  return { manifest, files };
}

interface Measuring {
  readonly table: LabelTable;
  readonly name: string;
  readonly bootstrap: MeasureOptions['bootstrap'];
  readonly crossValidated: boolean;
  readonly lungs: LungsReport | null;
}

async function measure(
  tasks: readonly ScoringTask[],
  answered: readonly Answered[],
  { table, name, bootstrap, crossValidated, lungs }: Measuring,
): Promise<Evaluation> {
  const manifests = tasks.map(({ pack }) => pack.manifest);
  const answeredBy = (id: string): boolean =>
    manifests.every(({ findings }) => findings.some((each) => each.id === id));
  const all = [...new Set(manifests.flatMap(({ findings }) => findings.map(({ id }) => id)))];
  const findings = all.filter((id) => table.findings.includes(id) && answeredBy(id));
  const sample = gatherSample(answered, findings);
  const decisions = crossValidated ? crossFittedDecisions(sample) : shippedDecisions(sample, manifests[0]!);
  const { findings: reports, macroAuc } = measureFindings(sample, decisions, bootstrap);
  const folds = crossValidated ? foldReports(sample, tasks) : [];
  const networks = await Promise.all(manifests.map((manifest) => networkKey(manifest)));
  const patients = patientCount(sample);
  const count = (value: number): string => value.toLocaleString('en');
  const where =
    findings.length === 0
      ? `${name}, ${count(answered.length)} images`
      : `${name}, ${count(sample.rows.length)} images of ${count(patients)} patients`;
  const report: Report = {
    formatVersion: reportFormatVersion,
    createdAt: new Date().toISOString(),
    appVersion,
    measuredOn: crossValidated ? `${where}, cross-validated, ${numberWord(folds.length)} networks` : where,
    packs: manifests.map(({ id, version, title }, index) => ({ id, version, title, network: networks[index]! })),
    crossValidated,
    data: {
      images: answered.length,
      labelled: sample.rows.length,
      patients,
      missing: table.missing,
      unreadable: countErrors(answered),
      unlabelledFindings: all.filter((id) => !findings.includes(id)),
    },
    bootstrap,
    findings: reports,
    macroAuc,
    folds,
    meanOverFolds: folds.length === 0 ? null : folds.reduce((sum, fold) => sum + fold.macroAuc, 0) / folds.length,
    groups: measureGroups(sample, decisions, bootstrap),
    gate: measureGate(gatherGate(answered)),
    localisation: measureLocalisation(gatherPointed(answered)),
    lungs,
  };
  return { report, answered, sample };
}

/** Each fold's own mean AUC, over the findings that it has. */
function foldReports(sample: Sample, tasks: readonly ScoringTask[]): FoldReport[] {
  return tasks.map(({ pack: { manifest }, images }) => {
    const fold = images[0]?.fold ?? '';
    const part = filterSample(sample, (row) => row.fold === fold);
    const aucs = part.columns
      .map(({ logits, labels }) => prepareAuc(logits, labels)())
      .filter((auc) => !Number.isNaN(auc));
    return {
      fold,
      pack: `${manifest.id}@${manifest.version}`,
      images: part.rows.length,
      macroAuc: aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length,
    };
  });
}

function numberWord(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'][count] ?? String(count);
}
