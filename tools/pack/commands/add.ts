import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackManifest, PackSource } from '../../../src/shared/pack.ts';
import { addPublished } from '../add/add-published.ts';
import { addTorchFile, parseLabels, releaseNamed, type AddTorchOptions } from '../add/add-torch.ts';
import type { PackOptions } from '../command-line.ts';
import { weightPrecisions } from '../encode-weights.ts';
import { createDownloadBar } from '../published/download-bar.ts';
import { publishedModels, type PublishedModel } from '../published/published-models.ts';
import { updateCatalog } from '../write-pack.ts';
import { UsageError } from './usage-error.ts';

const defaultOut = 'models';
const defaultVersion = '1.0.0';
const defaultSize = 224;
const sideStep = 32;

export async function addCommand(words: readonly string[], given: PackOptions): Promise<string> {
  const [what, ...more] = words;
  if (what === undefined || more.length > 0) throw new UsageError('add takes one model or one file');
  const model = publishedModels.find(({ id }) => id === what);
  const manifest = model === undefined ? await addFile(what, given) : await addModel(model, given);
  const out = given.out ?? defaultOut;
  await updateCatalog(out, manifest, false);
  return describeAdded(manifest, join(out, manifest.id));
}

async function addModel(model: PublishedModel, given: PackOptions): Promise<PackManifest> {
  requireAccepted(model.title, model.licence, model.sources, given);
  const place = await placeOf(model.id, given);
  const bar = createDownloadBar();
  try {
    return await addPublished(model, {
      ...place,
      unverified: given.unverified,
      onProgress: bar.show,
      ...(given.from === undefined ? {} : { from: given.from }),
    });
  } finally {
    bar.finish();
  }
}

async function addFile(path: string, given: PackOptions): Promise<PackManifest> {
  await access(path).catch(() => {
    const known = publishedModels.map(({ id }) => id).join(', ');
    throw new UsageError(`${path} is neither a file nor one of ${known}`);
  });
  const as = meaningOf(given);
  const id = given.id ?? ('id' in as ? as.id : undefined);
  if (id === undefined) throw new UsageError('a network of your own needs a name: --id');
  requireAccepted(path, 'id' in as ? 'Apache-2.0 (as its publisher states)' : 'whatever its author says', [], given);
  return addTorchFile(path, { ...(await placeOf(id, given)), as, size: sizeOf(given) });
}

function meaningOf({ as, labels }: PackOptions): AddTorchOptions['as'] {
  if ((as === undefined) === (labels === undefined))
    throw new UsageError('say what it is: --as RELEASE or --labels a,b,c');
  return as === undefined ? { labels: parseLabels(labels ?? '') } : releaseNamed(as);
}

function sizeOf({ size }: PackOptions): number {
  const side = size === undefined ? defaultSize : Number(size);
  if (!Number.isInteger(side) || side <= 0 || side % sideStep !== 0) {
    throw new UsageError(`--size is a multiple of ${sideStep} pixels`);
  }
  return side;
}

/** Where the pack goes; another version of it is replaced, the same version is not. */
async function placeOf(
  defaultId: string,
  given: PackOptions,
): Promise<Pick<AddTorchOptions, 'id' | 'version' | 'shortening' | 'out'>> {
  const { out = defaultOut, id = defaultId } = given;
  const version = given['pack-version'] ?? defaultVersion;
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new UsageError('--pack-version looks like 1.0.0');
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(id)) throw new UsageError('--id has small letters, digits, - and _ only');
  const precision = weightPrecisions.find((each) => each === (given.dtype ?? 'float16'));
  if (precision === undefined) throw new UsageError(`--dtype is one of ${weightPrecisions.join(', ')}`);
  const there = await readFile(join(out, id, 'pack.json'), 'utf8').catch(() => undefined);
  if (there !== undefined && (JSON.parse(there) as PackManifest).version === version) {
    throw new Error(
      `${join(out, id)} holds version ${version} already, and devices that have it would never see another. Give the new one a --pack-version, or remove the folder.`,
    );
  }
  return { id, version, shortening: { precision, ...allowed(given) }, out };
}

function allowed({ 'allow-difference': text }: PackOptions): { readonly allowedDifference?: number } {
  if (text === undefined) return {};
  const allowedDifference = Number(text);
  if (!(allowedDifference > 0)) throw new UsageError('--allow-difference is a difference in logit, such as 0.3');
  return { allowedDifference };
}

function requireAccepted(title: string, licence: string, sources: readonly PackSource[], given: PackOptions): void {
  const lines = [
    title,
    `Licence: ${licence}`,
    ...sources.map((source) => `${source.title} (${source.licence}): ${source.citation} ${source.url}`),
  ];
  process.stderr.write(`${lines.join('\n')}\n\n`);
  if (given['accept-license']) return;
  throw new Error('Read the licence above. If you accept it, run this again with --accept-license.');
}

function describeAdded({ id, version, files, origin }: PackManifest, folder: string): string {
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const whose = origin?.status === 'published' ? 'the published network' : 'origin not verified';
  const { logit, probability, relative, inputs, against } = origin?.parity ?? { inputs: 0, against: '' };
  const found = relative === undefined ? `${logit} in logit, ${probability} in probability` : `${relative} (relative)`;
  return [
    `${id} ${version}: ${megabytes.toFixed(2)} MB in ${folder}, ${whose}`,
    `largest difference on ${inputs} inputs from ${against} ${found}`,
    'The site offers it after the next build: docs/hosting.md.',
  ].join('\n');
}
