/** A folder of pictures and its table of labels, from the disk. */

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { listFiles } from '../../read/list-files.ts';
import type { LabelTable, LabelledImage } from './labelled-image.ts';
import { parseLabels, parseNihBoxes, type ImageLabels } from './parse-labels.ts';

/** Tables that a folder may bring, in the order in which they are looked for. */
const tableNames = ['labels.csv', 'Data_Entry_2017_v2020.csv', 'Data_Entry_2017.csv'];
const nihBoxesName = 'BBox_List_2017.csv';

/**
 * The pictures of `folder` with what `labelsPath` says of them. Without a table the folder's own one is taken; where it has none,
 * every file is a picture whose kind is the name of its sub-folder, and only the gate is measured.
 *
 * @throws Error where the table cannot be read, or none of its pictures is there
 */
export async function readLabels(folder: string, labelsPath?: string): Promise<LabelTable> {
  if (!(await isFolder(folder))) throw new Error(`${folder} is no folder.`);
  const path = labelsPath ?? tableNames.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) return foldersAsKinds(folder);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new Error(`${path} cannot be read.`, { cause: thrown });
  });
  const name = basename(path);
  const parsed = parseLabels(text, name);
  const { isNih } = parsed;
  const boxes = isNih ? await nihBoxes(dirname(path)) : new Map<string, LabelledImage['boxes']>();
  const locate = isNih ? await byName(folder) : byPath(folder, path);
  const images = parsed.images.flatMap((labels: ImageLabels): LabelledImage[] => {
    const found = locate(labels.file);
    if (found === undefined) return [];
    const { mask, ...rest } = labels;
    const maskPath = mask === undefined ? undefined : locate(mask.file);
    if (mask !== undefined && maskPath === undefined) throw new Error(`${name}: the mask ${mask.file} is not there.`);
    return [
      {
        ...rest,
        path: found,
        boxes: boxes.get(labels.file) ?? labels.boxes,
        ...(mask === undefined ? {} : { mask: { path: maskPath!, hasHeart: mask.hasHeart } }),
      },
    ];
  });
  if (images.length === 0) {
    throw new Error(`None of the ${parsed.images.length} pictures that ${name} names lies in ${folder}.`);
  }
  return { images, findings: parsed.findings, missing: parsed.images.length - images.length };
}

/** Relative to the folder, to the table, or to the folder that the table's folder lies in. */
function byPath(folder: string, table: string): (file: string) => string | undefined {
  const bases = [folder, dirname(table), dirname(dirname(table))];
  return (file) => bases.map((base) => join(base, file)).find((candidate) => existsSync(candidate));
}

/** NIH's archives unpack to `images_001/images/…` and so on, and its table names files without folders. */
async function byName(folder: string): Promise<(file: string) => string | undefined> {
  const paths = new Map((await listFiles([folder])).map((path) => [basename(path), path]));
  return (file) => paths.get(file);
}

async function nihBoxes(folder: string): Promise<ReadonlyMap<string, LabelledImage['boxes']>> {
  const path = join(folder, nihBoxesName);
  return existsSync(path) ? parseNihBoxes(await readFile(path, 'utf8'), nihBoxesName) : new Map();
}

async function foldersAsKinds(folder: string): Promise<LabelTable> {
  const paths = await listFiles([folder]);
  if (paths.length === 0) throw new Error(`${folder} is empty.`);
  const images = paths.map((path): LabelledImage => {
    const file = relative(folder, path);
    const [kind, ...rest] = file.split(sep);
    return { file, path, patient: file, groups: {}, boxes: [], ...(rest.length === 0 ? {} : { kind: kind! }) };
  });
  return { images, findings: [], missing: 0 };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
