import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '../../../src/inference/engine.ts';
import { diffPacks, type ChangedNumber } from '../../../src/shared/diff-packs.ts';
import type { PackManifest } from '../../../src/shared/pack.ts';
import { validateCatalog } from '../../../src/storage/validate-pack.ts';
import { openPack } from '../../read/open-pack.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import { bundlePack } from '../bundle.ts';
import { checkPack } from '../check-pack.ts';
import type { PackOptions } from '../command-line.ts';
import { UsageError } from './usage-error.ts';

const models = 'models';

export async function checkCommand(folders: readonly string[]): Promise<string> {
  if (folders.length === 0) throw new UsageError('check which folder?');
  await startEngine('simd', nodeEnginePaths());
  const lines: string[] = [];
  for (const folder of folders) {
    // `check models/*` names the catalog and the schema too.
    if (!(await stat(folder)).isDirectory()) continue;
    lines.push(...(await checkPack(folder)));
  }
  return lines.join('\n');
}

export async function listCommand(): Promise<string> {
  const { packs } = validateCatalog(JSON.parse(await readFile(join(models, 'catalog.json'), 'utf8')));
  const rows = await Promise.all(
    packs.map(async ({ id, version, bytes, embedded }) => {
      const { role, title, origin } = await openPack(join(models, id), models).then(({ manifest }) => manifest);
      const whose = embedded ? 'embedded' : (origin?.status ?? 'unverified');
      return [id, version, role, `${(bytes / 1e6).toFixed(2)} MB`, whose, title].join('\t');
    }),
  );
  return rows.join('\n');
}

export async function diffCommand(words: readonly string[]): Promise<string> {
  const [from, to, ...more] = words;
  if (from === undefined || to === undefined || more.length > 0) throw new UsageError('diff takes two packs');
  const [a, b] = await Promise.all([from, to].map(async (place) => (await openPack(place, models)).manifest));
  return describeDifference(a!, b!).join('\n');
}

export async function bundleCommand([place, ...more]: readonly string[], { out }: PackOptions): Promise<string> {
  if (place === undefined || more.length > 0) throw new UsageError('bundle takes one pack');
  const isFolder = await stat(join(place, 'pack.json')).then(
    () => true,
    () => false,
  );
  const folder = isFolder ? place : join(models, place);
  const { id, version } = (await openPack(folder, models)).manifest;
  const target = out ?? `${id.replaceAll('/', '-')}-${version}.chesterpack`;
  const bytes = await bundlePack(folder, target);
  return `${target}: ${(bytes / 1e6).toFixed(2)} MB`;
}

function describeDifference(from: PackManifest, to: PackManifest): string[] {
  if (from.role !== to.role) return [`roles differ: ${from.role}, ${to.role}`];
  const { findingsAdded, findingsRemoved, thresholds, auc, grades, inputChanged, weightsChanged } = diffPacks(from, to);
  const numbers = (name: string, changes: readonly ChangedNumber[]): string[] =>
    changes.map((change) => `${name} ${change.id}: ${change.from ?? '–'} → ${change.to ?? '–'}`);
  const lines = [
    ...findingsAdded.map((id) => `finding added: ${id}`),
    ...findingsRemoved.map((id) => `finding removed: ${id}`),
    ...numbers('threshold', thresholds),
    ...numbers('AUC', auc),
    ...grades.map((change) => `grade ${change.id}: ${change.from} → ${change.to}`),
    ...(inputChanged ? ['the input changed: scores are not comparable'] : []),
    ...(weightsChanged ? ['the weights changed'] : []),
  ];
  return [`${from.id} ${from.version} → ${to.id} ${to.version}`, ...(lines.length === 0 ? ['nothing differs'] : lines)];
}
