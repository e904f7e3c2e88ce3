/** Writes the files of a pack: weight shards, topology, and last `pack.json` with the size and hash of every other file. */

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maxShardBytes } from '../../src/shared/limits.ts';
import type { Catalog, ManifestDraft, PackContents, PackFile, PackManifest } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { encodeTensor, type WeightPrecision } from './encode-weights.ts';
import type { GraphWriter } from './graph.ts';

/** Human-readable, and stable from run to run. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** A network as the files of a pack, before anything is written. */
export interface EncodedNetwork {
  readonly weights: PackManifest['weights'];
  /** `model.json` and the shards, by path. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export function encodeNetwork(writer: GraphWriter, precision: WeightPrecision): EncodedNetwork {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const topology = JSON.stringify({ format: 'graph-model', modelTopology: writer.topology() });
  files.set('model.json', new TextEncoder().encode(topology));
  const encoded = writer.tensors.map((tensor) => encodeTensor(tensor, precision));
  const all = Buffer.concat(encoded.map(({ bytes }) => bytes));
  const shards: string[] = [];
  for (let offset = 0; offset < all.byteLength; offset += maxShardBytes) {
    const path = `weights-${String(shards.length + 1).padStart(2, '0')}.bin`;
    files.set(path, Uint8Array.from(all.subarray(offset, offset + maxShardBytes)));
    shards.push(path);
  }
  return { weights: { shards, entries: encoded.map(({ entry }) => entry) }, files };
}

/** Empties the folder and writes the network's files. */
export async function writeNetwork(folder: string, { files }: EncodedNetwork): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
}

/** The same without a manifest: the executor reads nothing of one but where the weights are. */
export function graphContents(network: EncodedNetwork): PackContents {
  return contentsOf({ weights: network.weights } as ManifestDraft, network);
}

/** A pack that lies in memory only, for running it before its manifest is complete. */
export function contentsOf(draft: ManifestDraft, { files }: EncodedNetwork): PackContents {
  return {
    manifest: { ...draft, files: [] },
    files: new Map([...files].map(([path, bytes]) => [path, bytes.buffer])),
  };
}

async function describeFile(folder: string, path: string): Promise<PackFile> {
  const bytes = new Uint8Array(await readFile(join(folder, path)));
  return { path, bytes: bytes.byteLength, sha256: await sha256Hex(bytes) };
}

/** Lists every file that lies in the folder and writes `pack.json` over them. */
export async function writeManifest(folder: string, manifest: ManifestDraft): Promise<PackManifest> {
  const paths = (await readdir(folder)).filter((path) => path !== 'pack.json').sort();
  const files = await Promise.all(paths.map((path) => describeFile(folder, path)));
  const complete: PackManifest = { ...manifest, files };
  await writeFile(join(folder, 'pack.json'), toJson(complete));
  return complete;
}

/**
 * Lets `write` fill a folder beside `folder` and puts it in its place only when it is whole: what goes wrong leaves what
 * was there.
 */
export async function inStaging<T>(folder: string, write: (staging: string) => Promise<T>): Promise<T> {
  const staging = `${folder}.new`;
  try {
    const written = await write(staging);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return written;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Puts the pack into `catalog.json` beside its folder, in place of another version of it. */
export async function updateCatalog(modelsFolder: string, manifest: PackManifest, embedded: boolean): Promise<void> {
  const path = join(modelsFolder, 'catalog.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const catalog: Catalog = text === undefined ? { formatVersion: 1, packs: [] } : (JSON.parse(text) as Catalog);
  const own = await describeFile(join(modelsFolder, manifest.id), 'pack.json');
  const entry = {
    id: manifest.id,
    version: manifest.version,
    role: manifest.role,
    embedded,
    bytes: own.bytes + manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    sha256: own.sha256,
  };
  const packs = [...catalog.packs.filter(({ id }) => id !== manifest.id), entry];
  await writeFile(path, toJson({ ...catalog, packs: packs.sort((a, b) => a.id.localeCompare(b.id)) }));
}
