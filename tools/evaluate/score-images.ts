/** Runs a pack over pictures as the app would, and keeps each answer: a run that is cut short goes on where it stopped. */

import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '../../src/shared/app-error.ts';
import type { FindingMap } from '../../src/shared/analysis.ts';
import type { FindingsManifest, PackContents } from '../../src/shared/pack.ts';
import { appendSink, type LineSink } from '../read/line-sink.ts';
import { createProgress } from '../read/progress.ts';
import { fatalCodes } from '../read/read-files.ts';
import type { PhotoOptions } from '../read/arguments.ts';
import { createReader, type FileReading, type Reader, type ReaderPacks } from '../read/reader.ts';
import type { LineFormat } from '../read/result-lines.ts';
import { readEarlierRun } from '../read/resume.ts';
import type { LabelledImage } from './labels/labelled-image.ts';
import { answererKey, type ScoredImage } from './scored-image.ts';

/** Packs that answer beside the findings, as in the app. */
export type BesidePacks = Pick<ReaderPacks, 'gate' | 'lungs'>;

/** One network and the pictures that it is to answer. */
export interface ScoringTask {
  readonly pack: PackContents<FindingsManifest>;
  readonly images: readonly LabelledImage[];
}

const cacheName = 'scores.jsonl';
/** Digits that are kept of a logit: more than float32 has. */
const logitDigits = 8;
const placeDigits = 4;

/**
 * Answers of every task's network for its pictures, from the cache in `folder` or by running it. Pictures whose table calls
 * them a film or a monitor are read as photographs.
 *
 * @param signal ends the work after the current picture
 * @returns one list a task, in the order of its images; `undefined` where `signal` ended it
 * @throws AppError where the engine fails or a pack does not give its known answers
 */
export async function scoreImages(
  tasks: readonly ScoringTask[],
  beside: BesidePacks,
  folder: string,
  signal: AbortSignal,
): Promise<ScoredImage[][] | undefined> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, cacheName);
  const earlier = await readEarlierRun(path, cacheFormat);
  const sink = appendSink(path, earlier);
  const known = await readCache(path);
  const results: ScoredImage[][] = [];
  try {
    for (const task of tasks) {
      const others = Object.values(beside).map(({ manifest }) => manifest);
      const network = await answererKey(task.pack.manifest, others);
      const fresh = await Promise.all(
        task.images.map((image) => isFresh(image, known.get(cacheKey(network, image.file)))),
      );
      const todo = task.images.filter((_, index) => fresh[index] !== true);
      if (
        todo.length > 0 &&
        !(await runNetwork({ findings: task.pack, ...beside }, network, todo, {
          sink,
          known,
          signal,
          skipped: task.images.length - todo.length,
        }))
      ) {
        return undefined;
      }
      results.push(task.images.map(({ file }) => known.get(cacheKey(network, file))!));
    }
    return results;
  } finally {
    sink.close();
  }
}

interface Run {
  readonly sink: LineSink;
  readonly known: Map<string, ScoredImage>;
  readonly signal: AbortSignal;
  readonly skipped: number;
}

/** @returns whether every picture was answered */
async function runNetwork(
  packs: ReaderPacks,
  network: string,
  images: readonly LabelledImage[],
  { sink, known, signal, skipped }: Run,
): Promise<boolean> {
  const reader = await createReader(packs, { logits: true });
  const { id, version } = packs.findings.manifest;
  process.stderr.write(`${id} ${version}:\n`);
  const progress = createProgress(images.length, skipped);
  try {
    for (const image of images) {
      if (signal.aborted) return false;
      const scored = await scoreOne(reader, network, image);
      await sink.write(JSON.stringify(scored));
      known.set(cacheKey(network, image.file), scored);
      progress.step({ failed: 'error' in scored.answer });
      // Lets a signal's handler run: inference itself does not yield.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  } finally {
    progress.finish();
    reader.dispose();
  }
}

async function scoreOne(reader: Reader, network: string, image: LabelledImage): Promise<ScoredImage> {
  const { file, path } = image;
  const { size, mtimeMs } = await stat(path);
  const identity = { file, network, bytes: size, modifiedMs: mtimeMs };
  try {
    return { ...identity, answer: answerOf(await reader.read(path, photoOf(image)), reader.manifest) };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (fatalCodes.has(error.code)) throw error;
    return { ...identity, answer: { error: error.code } };
  }
}

function answerOf({ analysis, maps }: FileReading, manifest: FindingsManifest): ScoredImage['answer'] {
  const { field, image, gate, anatomy } = analysis;
  const box = anatomy?.box;
  const share = (x: number, y: number): readonly [number, number] => [
    rounded(x / image.width, placeDigits),
    rounded(y / image.height, placeDigits),
  ];
  return {
    logits: (analysis.logits ?? []).map((logit) => rounded(logit, logitDigits)),
    verdict: gate.verdict,
    reasons: gate.reasons.map(({ code }) => code),
    inputKind: image.source.inputKind,
    width: image.source.storedWidth,
    height: image.source.storedHeight,
    peaks: manifest.findings.map(({ id }) => {
      const [x, y] = highestPlace(maps[id]!);
      return share(field.x + x * field.width, field.y + y * field.height);
    }),
    ...(box === undefined
      ? {}
      : { lungsCentre: share((box.x + box.width / 2) * image.width, (box.y + box.height / 2) * image.height) }),
    centre: share(field.x + field.width / 2, field.y + field.height / 2),
  };
}

/** Middle of the cell where a map is highest, shares of its width and height. Drawn smoothly it is highest there, too. */
export function highestPlace({ width, height, values }: FindingMap): readonly [x: number, y: number] {
  const place = values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
  return [((place % width) + 0.5) / width, (Math.floor(place / width) + 0.5) / height];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function cacheKey(network: string, file: string): string {
  return `${network} ${file}`;
}

/** How a picture is read: `undefined` for digital originals. Without corners in the table the app's likeliest are taken. */
function photoOf({ groups: { inputKind = 'digital' }, corners }: LabelledImage): PhotoOptions | undefined {
  if (inputKind === 'digital') return undefined;
  return { inputKind, ...(corners === undefined ? {} : { corners }) };
}

async function isFresh(image: LabelledImage, scored: ScoredImage | undefined): Promise<boolean> {
  if (scored === undefined) return false;
  if ('inputKind' in scored.answer && scored.answer.inputKind !== (image.groups.inputKind ?? 'digital')) return false;
  const { size, mtimeMs } = await stat(image.path);
  return size === scored.bytes && mtimeMs === scored.modifiedMs;
}

/** So that a cut last line is taken off, and nobody's file is appended to by mistake. */
const cacheFormat: LineFormat = {
  write: (result) => JSON.stringify(result),
  fileOf: (line) => parseLine(line)?.file,
};

function parseLine(line: string): ScoredImage | undefined {
  try {
    const value = JSON.parse(line) as Partial<ScoredImage> | null;
    return typeof value?.file === 'string' && value.answer !== undefined ? (value as ScoredImage) : undefined;
  } catch {
    return undefined;
  }
}

/** Later lines replace earlier ones of the same picture and network. */
async function readCache(path: string): Promise<Map<string, ScoredImage>> {
  const known = new Map<string, ScoredImage>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const scored = parseLine(line);
    if (scored !== undefined) known.set(cacheKey(scored.network, scored.file), scored);
  }
  return known;
}
