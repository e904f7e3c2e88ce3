import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/shared/app-error.ts';
import { appVersion } from '../../src/shared/build.ts';
import type { FindingsManifest, PackContents, PackManifest, PackRole } from '../../src/shared/pack.ts';
import { parseArguments, usage, type ReadOptions } from './arguments.ts';
import { errorSentence } from './error-sentences.ts';
import { appendSink, streamSink, type LineSink } from './line-sink.ts';
import { listFiles } from './list-files.ts';
import { loadEmbeddedPack, loadFindingsPack } from './load-pack-folder.ts';
import { openPack } from './open-pack.ts';
import { printStoredValues } from './print-stored-values.ts';
import { createProgress } from './progress.ts';
import { readFiles } from './read-files.ts';
import { createReader, type ReaderPacks } from './reader.ts';
import { lineFormat, type LineFormat } from './result-lines.ts';
import { readEarlierRun } from './resume.ts';
import { takeShard } from './shard.ts';

const exitCodes = { allFilesHaveTheirLine: 0, cutShort: 1, wrongUsage: 2 } as const;

/**
 * The whole program, but for the process around it.
 *
 * @param argv the words after the program's name
 * @param signal ends the work after the current file
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const options = parseArguments(argv);
    if (options === 'help') {
      process.stdout.write(usage);
      return exitCodes.allFilesHaveTheirLine;
    }
    return (await readAll(options, signal)) ? exitCodes.allFilesHaveTheirLine : exitCodes.cutShort;
  } catch (thrown) {
    // The reader at the other end of the pipe (`head`) has enough.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE') return exitCodes.cutShort;
    const error = AppError.from(thrown);
    if (error.code === 'wrong-usage') {
      process.stderr.write(`chester-read: ${error.details.reason ?? error.message}\n\n${usage}`);
      return exitCodes.wrongUsage;
    }
    const cause = error.code === 'unexpected' ? `\n${error.toPlain().cause ?? ''}` : '';
    process.stderr.write(`chester-read: ${errorSentence(error)}${cause}\n`);
    return exitCodes.cutShort;
  }
}

async function readAll(options: ReadOptions, signal: AbortSignal): Promise<boolean> {
  // All that can be wrong about the usage is found before the engine starts.
  const all = takeShard(await listFiles(options.paths), options.shard);
  if (options.storedValues) return printStoredValues(all, streamSink(process.stdout), signal);
  const packs = await openPacks(options);
  const format = lineFormat(options.format, factsOf(packs.findings.manifest));
  const earlier = options.resume === undefined ? undefined : await readEarlierRun(options.resume, format);
  const files = all.filter((file) => earlier?.finished.has(file) !== true);
  if (options.mapsFolder !== undefined) makeMapsFolder(options.mapsFolder);

  const sink =
    options.resume === undefined || earlier === undefined
      ? streamSink(process.stdout)
      : appendSink(options.resume, earlier);
  try {
    if (earlier?.hasHeader !== true) await writeHeader(format, sink);
    if (files.length === 0) return true;
    const reader = await createReader(packs, {
      logits: options.logits,
      look: options.look,
      ...(options.photo === undefined ? {} : { photo: options.photo }),
    });
    const progress = createProgress(files.length, all.length - files.length);
    try {
      const { mapsFolder, features } = options;
      return await readFiles({
        files,
        reader,
        format,
        sink,
        progress,
        features,
        signal,
        ...(mapsFolder === undefined ? {} : { mapsFolder }),
      });
    } finally {
      progress.finish();
      reader.dispose();
    }
  } finally {
    sink.close();
  }
}

/** @throws AppError `pack-…`; `wrong-usage` where a pack has another role than it was asked for */
async function openPacks({ pack, secondOpinion }: ReadOptions): Promise<ReaderPacks> {
  const models = findModelsFolder();
  const opened = pack === undefined ? await loadFindingsPack(models) : await openPack(pack, models);
  if (!hasRole(opened, 'findings')) throw wrongRole(opened, 'findings');
  const lungs = await loadEmbeddedPack(models, 'lungs');
  const gate = await loadEmbeddedPack(models, 'gate');
  const packs = { findings: opened, ...(gate && { gate }), ...(lungs && { lungs }) };
  if (secondOpinion === undefined) return packs;
  const opinion = await openPack(secondOpinion, models);
  if (!hasRole(opinion, 'second-opinion')) throw wrongRole(opinion, 'second-opinion');
  return { ...packs, secondOpinion: opinion };
}

function hasRole<Role extends PackRole>(
  pack: PackContents,
  role: Role,
): pack is PackContents<Extract<PackManifest, { readonly role: Role }>> {
  return pack.manifest.role === role;
}

function wrongRole({ manifest }: PackContents, wanted: PackRole): AppError {
  return new AppError('wrong-usage', {
    reason: `${manifest.id} is a pack of the role ${manifest.role}, not ${wanted}`,
  });
}

async function writeHeader(format: LineFormat, sink: LineSink): Promise<void> {
  if (format.header !== undefined) await sink.write(format.header);
}

function factsOf(manifest: FindingsManifest) {
  return {
    findingIds: manifest.findings.map(({ id }) => id),
    pack: manifest.id,
    packVersion: manifest.version,
    appVersion,
  };
}

function makeMapsFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (thrown) {
    throw new AppError('wrong-usage', { reason: `${path} cannot be made a folder` }, thrown);
  }
}

/** `models/` of the repository: two folders above, both from `dist/cli/read.js` and from the sources in `tools/read/`. */
export function findModelsFolder(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../../models');
  if (!existsSync(folder)) throw new AppError('pack-missing', { path: folder });
  return folder;
}
