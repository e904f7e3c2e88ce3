/** A pack that has the right form and no sense: for tests of storage and downloads. Browser and Node. */

import type { Catalog, PackManifest } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';

export interface SamplePack {
  readonly manifest: PackManifest;
  readonly manifestBytes: ArrayBuffer;
  /** Without pack.json. */
  readonly files: ReadonlyMap<string, ArrayBuffer>;
}

/** `shards` shards of `shardBytes` and a small topology; contents differ by version. */
export async function samplePack(options: {
  readonly id: string;
  readonly version: string;
  readonly shardBytes?: number;
  readonly shards?: number;
}): Promise<SamplePack> {
  const { id, version, shardBytes = 4_000, shards = 2 } = options;
  const shardPaths = Array.from({ length: shards }, (_, index) => `weights-${index + 1}.bin`);
  const files = new Map<string, ArrayBuffer>([
    ['model.json', encode(JSON.stringify({ modelTopology: { node: [] }, version }))],
    ['golden.json', encode(JSON.stringify({ formatVersion: 1, origin: 'none', inputs: [] }))],
    ...shardPaths.map((path): [string, ArrayBuffer] => [path, noise(shardBytes, `${version} ${path}`)]),
  ]);
  const manifest: PackManifest = {
    formatVersion: 1,
    id,
    version,
    role: 'findings',
    title: 'Sample',
    summary: 'A pack for tests.',
    licence: 'Apache-2.0',
    sources: [{ title: 'None', licence: 'Apache-2.0', citation: 'None', url: 'https://example.org/' }],
    citations: ['None'],
    input: { width: 224, height: 224, channels: 1, geometry: 'crop-resize', range: [-1024, 1024] },
    outputs: { logits: 'logits', maps: 'maps', features: 'features' },
    findings: [
      { id: 'Effusion', operatingPoints: { digital: { score: 0.5, rule: 'youden' } }, grade: 'unmeasured', bias: 0 },
    ],
    calibrated: false,
    weights: {
      shards: shardPaths,
      entries: [{ name: 'w', shape: [(shards * shardBytes) / 4], dtype: 'float32' }],
    },
    files: await Promise.all(
      [...files].map(async ([path, bytes]) => ({ path, bytes: bytes.byteLength, sha256: await sha256Hex(bytes) })),
    ),
  };
  return { manifest, manifestBytes: encode(JSON.stringify(manifest)), files };
}

export async function sampleCatalog(packs: readonly SamplePack[]): Promise<Catalog> {
  return {
    formatVersion: 1,
    packs: await Promise.all(
      packs.map(async ({ manifest, manifestBytes }) => ({
        id: manifest.id,
        version: manifest.version,
        embedded: true,
        bytes: manifest.files.reduce((sum, file) => sum + file.bytes, manifestBytes.byteLength),
        sha256: await sha256Hex(manifestBytes),
      })),
    ),
  };
}

function encode(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

/** Bytes that no compression shrinks, the same for the same seed (a multiplicative congruential generator). */
function noise(length: number, seedText: string): ArrayBuffer {
  const bytes = new Uint8Array(length);
  let state = [...seedText].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 2147483647;
  for (let index = 0; index < length; index += 1) {
    state = (state * 48271) % 2147483647;
    bytes[index] = state & 255;
  }
  return bytes.buffer;
}
