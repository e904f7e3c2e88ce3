/** Brings the files of a published model into one folder and proves that they are the published ones. */

import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError } from './download-error.ts';
import { downloadFile, type Patience } from './download-file.ts';
import { gitBlobIdOfFile } from './git-blob-id.ts';
import { publishedCacheFolder, publishedModel, type PublishedFile, type PublishedModel } from './published-models.ts';
import { TransferRate } from './transfer-rate.ts';

export interface ObtainOptions {
  /** A folder that holds the files, or the address of a mirror; absent: the published place. */
  readonly from?: string;
  /** Where downloads are kept; absent: the user's cache. */
  readonly cacheFolder?: string;
  /**
   * Takes other weights of the same topology: digests are reported and not required, weights must still have their
   * published sizes, `model.json` and what else there is may have any.
   */
  readonly unverified?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly patience?: Patience;
}

export interface DownloadProgress {
  readonly file: string;
  /** Of all files, those that were there already included. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; 0 until it is known. */
  readonly bytesPerSecond: number;
  /** Absent while the rate is not known. */
  readonly secondsLeft?: number;
}

export interface ObtainedFile {
  readonly path: string;
  readonly bytes: number;
  readonly gitBlobId: string;
  /** Whether it is the published file. */
  readonly verified: boolean;
}

export interface Obtained {
  readonly folder: string;
  readonly files: readonly ObtainedFile[];
}

/**
 * @param id of `tools/published.json`
 * @throws DownloadError naming the file and the next step; Error where there is no such model
 */
export async function obtainPublished(id: string, options: ObtainOptions = {}): Promise<Obtained> {
  return obtainModel(publishedModel(id), options);
}

/** As `obtainPublished`, for what a table says. @throws DownloadError */
export async function obtainModel(
  model: Pick<PublishedModel, 'id' | 'baseUrl' | 'files'>,
  options: ObtainOptions,
): Promise<Obtained> {
  const { from, unverified = false } = options;
  if (from !== undefined && !/^https?:\/\//i.test(from)) return readFolder(model, from, unverified);
  const baseUrl = from === undefined ? model.baseUrl : `${from.replace(/\/+$/, '')}/`;
  const folder = options.cacheFolder ?? publishedCacheFolder(model.id, unverified);
  await mkdir(folder, { recursive: true });
  // Nothing tells whether unverified files of an earlier run belong to the same weights: they are loaded anew.
  if (unverified) await removeFiles(folder, model);

  const files: ObtainedFile[] = [];
  const report = reporter(model, options.onProgress);
  for (const file of model.files) {
    const target = join(folder, file.path);
    let found = await describe(target, file);
    if (found === undefined || !isAcceptable(found, file, unverified)) {
      await downloadFile({
        url: new URL(file.path, baseUrl).href,
        target,
        ...expected(file, unverified),
        onBytes: (bytes) => report.received(file, bytes),
        ...(options.patience === undefined ? {} : { patience: options.patience }),
      });
      found = (await describe(target, file)) ?? missing(file, folder);
    }
    files.push(found);
    report.done(file);
  }
  return { folder, files };
}

async function removeFiles(folder: string, model: Pick<PublishedModel, 'files'>): Promise<void> {
  for (const { path } of model.files) {
    for (const name of [path, `${path}.part`]) await rm(join(folder, name), { force: true });
  }
}

interface Reporter {
  /** So many bytes of the file are there now. */
  received(file: PublishedFile, bytes: number): void;
  done(file: PublishedFile): void;
}

/** Adds up what the files say one by one; the rate counts only what came over the network. */
function reporter(model: Pick<PublishedModel, 'files'>, onProgress: ObtainOptions['onProgress']): Reporter {
  const totalBytes = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rate = new TransferRate();
  let before = 0;
  let transferred = 0;
  let current: { readonly path: string; readonly bytes: number } | undefined;
  const report = (file: string, bytes: number): void => {
    const bytesPerSecond = rate.at(performance.now(), transferred);
    const left = bytesPerSecond > 0 ? { secondsLeft: (totalBytes - bytes) / bytesPerSecond } : {};
    onProgress?.({ file, bytes, totalBytes, bytesPerSecond, ...left });
  };
  return {
    received: ({ path }, bytes) => {
      if (current?.path === path) transferred += Math.max(0, bytes - current.bytes);
      current = { path, bytes };
      report(path, before + bytes);
    },
    done: ({ path, bytes }) => {
      before += bytes;
      report(path, before);
    },
  };
}

/** Files that lie somewhere already are used where they lie. */
async function readFolder(
  model: Pick<PublishedModel, 'files'>,
  folder: string,
  unverified: boolean,
): Promise<Obtained> {
  const files: ObtainedFile[] = [];
  for (const file of model.files) {
    const found = await describe(join(folder, file.path), file);
    // A site that trained the network further has no reason to keep the publisher's settings.
    if (found === undefined && unverified && file.path === settingsFile) continue;
    files.push(requireAcceptable(found ?? missing(file, folder), file, unverified));
  }
  return { folder, files };
}

/** Of the publisher's own program; nothing here reads it. */
const settingsFile = 'config.json';

function isWeights({ path }: PublishedFile): boolean {
  return path.endsWith('.bin');
}

/** What a download must fulfil. */
function expected(file: PublishedFile, unverified: boolean): { bytes?: number; gitBlobId?: string } {
  if (!unverified) return { bytes: file.bytes, gitBlobId: file.gitBlobId };
  return isWeights(file) ? { bytes: file.bytes } : {};
}

async function describe(path: string, file: PublishedFile): Promise<ObtainedFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const gitBlobId = await gitBlobIdOfFile(path);
  return { path: file.path, bytes: found.size, gitBlobId, verified: gitBlobId === file.gitBlobId };
}

function isAcceptable(found: ObtainedFile, file: PublishedFile, unverified: boolean): boolean {
  return found.verified || (unverified && (found.bytes === file.bytes || !isWeights(file)));
}

function requireAcceptable(found: ObtainedFile, file: PublishedFile, unverified: boolean): ObtainedFile {
  if (isAcceptable(found, file, unverified)) return found;
  if (found.bytes !== file.bytes) {
    throw new DownloadError('wrong-length', file.path, `it has ${found.bytes} bytes in place of ${file.bytes}`);
  }
  throw new DownloadError('not-as-published', file.path, 'its content has another digest');
}

function missing(file: PublishedFile, folder: string): never {
  throw new DownloadError('missing', file.path, `it is not in ${folder}`);
}
