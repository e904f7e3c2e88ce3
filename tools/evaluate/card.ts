/** `--card`: the model card of a findings pack, made of its manifest, its known answers and a report. */

import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Catalog, FindingsManifest, Golden } from '../../src/shared/pack.ts';
import { worstDifference } from '../pack/golden.ts';
import { updateCatalog, writeManifest } from '../pack/write-pack.ts';
import { readPackFolder } from '../read/load-pack-folder.ts';
import { findModelsFolder } from '../read/run-command-line.ts';
import type { Report } from './report.ts';
import { modelCardMarkdown, type KeptSections } from './write/card-markdown.ts';

const cardName = 'MODEL_CARD.md';
const figureDigits = 3;

/**
 * Writes the card, and the manifest and catalogue that hold its hash.
 *
 * @param place the pack's folder, or its id in models/
 * @param out the folder of the report
 * @returns the card's path
 * @throws Error where the pack states other figures than the report
 */
export async function writeCard(place: string, out: string): Promise<string> {
  const folder = await packFolder(place);
  const { manifest, files } = await readPackFolder(folder);
  if (manifest.role !== 'findings')
    throw new Error(`${place} is a pack of the role ${manifest.role}: only findings are measured.`);
  const reportText = await readFile(join(out, 'report.json'), 'utf8').catch((thrown: unknown) => {
    throw new Error(`${out} has no report.json: run the evaluation first, with --out ${out}.`, { cause: thrown });
  });
  const report = JSON.parse(reportText) as Report;
  requireSameFigures(manifest, report);
  const golden = JSON.parse(new TextDecoder().decode(files.get('golden.json'))) as Golden;
  const path = join(folder, cardName);
  const earlier = await readFile(path, 'utf8').catch(() => '');
  const card = modelCardMarkdown({
    manifest,
    report,
    golden,
    difference: worstDifference(golden),
    kept: keptSections(earlier),
  });
  await writeFile(path, card);
  await catalogueAnew(folder, manifest);
  return path;
}

async function packFolder(place: string): Promise<string> {
  const candidates = [place, join(findModelsFolder(), place)];
  for (const candidate of candidates) {
    if (
      await readFile(join(candidate, 'pack.json')).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  throw new Error(`${place} is no folder of a pack.`);
}

/** A card never says other things than the pack that it lies in. */
export function requireSameFigures({ findings }: Pick<FindingsManifest, 'findings'>, report: Report): void {
  for (const { id, auc } of findings) {
    if (auc === undefined) continue;
    const measured = report.findings.find((each) => each.id === id)?.auc?.value;
    const isSame =
      auc.testSet === report.measuredOn && measured?.toFixed(figureDigits) === auc.value.toFixed(figureDigits);
    if (isSame) continue;
    throw new Error(
      `The pack says of ${id}: AUC ${auc.value} on "${auc.testSet}", the report ${measured?.toFixed(figureDigits) ?? 'nothing'} on "${report.measuredOn}". Write the pack from this report's calibration first.`,
    );
  }
}

/** What other tools wrote into the card, and a report knows nothing of. */
function keptSections(card: string): KeptSections {
  const section = (heading: string): string | undefined =>
    card.match(new RegExp(`\\n## ${heading}\\n([\\s\\S]*?)(?=\\n## |$)`))?.[1]?.trim();
  return { network: section('Network'), training: section('Training'), gate: section('Gate') };
}

async function catalogueAnew(folder: string, manifest: FindingsManifest): Promise<void> {
  const complete = await writeManifest(folder, manifest);
  const models = dirname(resolve(folder));
  const text = await readFile(join(models, 'catalog.json'), 'utf8').catch(() => undefined);
  if (text === undefined || basename(resolve(folder)) !== manifest.id) return;
  const listed = (JSON.parse(text) as Catalog).packs.find(({ id }) => id === manifest.id);
  if (listed !== undefined) await updateCatalog(models, complete, listed.embedded);
}
