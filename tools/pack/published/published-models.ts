/** `tools/published.json`: the networks that others publish, where they lie, and how each of their files is recognised. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { PackSource } from '../../../src/shared/pack.ts';

export interface PublishedFile {
  /** Beneath `baseUrl`, and in a folder that holds the model. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-1 of `blob SIZE\0CONTENT`, as git names the file in the repository that publishes it. */
  readonly gitBlobId: string;
}

interface PublishedModelBase {
  readonly id: string;
  readonly title: string;
  /** Ends with a slash. */
  readonly baseUrl: string;
  /** SPDX identifier of the published files' licence. */
  readonly licence: string;
  readonly sources: readonly PackSource[];
  /** To be named by who uses the network. */
  readonly citations: readonly string[];
  /** Node whose value the publisher's own program reads. */
  readonly output: string;
  readonly files: readonly PublishedFile[];
}

export interface PublishedDenseNet extends PublishedModelBase {
  readonly kind: 'densenet-121';
  readonly input: {
    readonly width: number;
    readonly height: number;
    readonly geometry: 'resize-crop';
    /** A grey value v of 0..1 becomes low + v · (high − low). */
    readonly range: readonly [low: number, high: number];
  };
  /** In the order of the network's outputs; the operating point is a threshold on the score, 0..1. */
  readonly findings: readonly { readonly id: string; readonly operatingPoint: number }[];
  readonly operatingPointSource: string;
}

export interface PublishedAutoencoder extends PublishedModelBase {
  readonly kind: 'autoencoder';
  readonly input: {
    readonly width: number;
    readonly height: number;
    /** The whole picture, whatever its shape, with no crop; grey is the mean of red, green and blue. */
    readonly geometry: 'squash';
    readonly range: readonly [low: number, high: number];
  };
  /** The publisher's own rule: refused where SSIM is not above the limit. */
  readonly gate: {
    readonly refuseSsimAtOrBelow: number;
    readonly ssim: { readonly window: number; readonly k1: number; readonly k2: number; readonly display: string };
    readonly source: string;
  };
}

export type PublishedModel = PublishedDenseNet | PublishedAutoencoder;

const table = new URL('../../published.json', import.meta.url);

export const publishedModels: readonly PublishedModel[] = (
  JSON.parse(readFileSync(table, 'utf8')) as { readonly models: readonly PublishedModel[] }
).models;

/** @throws Error naming the models that there are */
export function publishedModel(id: string): PublishedModel {
  const found = publishedModels.find((model) => model.id === id);
  if (found !== undefined) return found;
  throw new Error(
    `No published model is called ${id}. There are: ${publishedModels.map((model) => model.id).join(', ')}.`,
  );
}

/**
 * Where downloads of one model are kept between runs: `XDG_CACHE_HOME`, or `.cache` in the home folder
 * (XDG Base Directory Specification 0.8, which wants relative paths ignored). Files that were not checked against the table lie apart from those that were.
 */
export function publishedCacheFolder(id: string, unverified: boolean): string {
  const root = process.env['XDG_CACHE_HOME'];
  const cache = root !== undefined && isAbsolute(root) ? root : join(homedir(), '.cache');
  return join(cache, 'chester', 'published', unverified ? `${id}-unverified` : id);
}
