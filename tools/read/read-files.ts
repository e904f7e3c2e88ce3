import { isTinted } from '../../src/imaging/photo/seems-photograph.ts';
import { AppError, type ErrorCode } from '../../src/shared/app-error.ts';
import { errorSentence } from './error-sentences.ts';
import type { LineSink } from './line-sink.ts';
import { writeMaps } from './maps-folder.ts';
import type { Progress } from './progress.ts';
import type { FileReading, Reader } from './reader.ts';
import type { FileResult, LineFormat } from './result-lines.ts';

export interface ReadFilesOptions {
  readonly files: readonly string[];
  readonly reader: Reader;
  readonly format: LineFormat;
  readonly sink: LineSink;
  readonly progress: Progress;
  readonly mapsFolder?: string;
  readonly features: boolean;
  /** Ends the work after the current file. */
  readonly signal: AbortSignal;
}

/** After these no further file can succeed: the run is cut short, to be resumed when the cause is gone. */
export const fatalCodes: ReadonlySet<ErrorCode> = new Set([
  'engine-start-failed',
  'engine-crashed',
  'engine-out-of-memory',
  'known-answer-mismatch',
  'pack-missing',
  'pack-invalid',
  'pack-damaged',
]);

/**
 * Reads file after file and writes each one's line; a file that fails gets a line that says why.
 *
 * @returns whether every file has its line
 * @throws AppError where the engine failed, or the maps folder or the sink cannot be written to
 */
export async function readFiles(options: ReadFilesOptions): Promise<boolean> {
  const { files, format, sink, progress, signal } = options;
  for (const file of files) {
    if (signal.aborted) return false;
    const result = await readOne(file, options);
    await sink.write(format.write(result));
    progress.step({
      failed: 'error' in result,
      photograph: 'analysis' in result && isTinted(result.analysis.image.source),
    });
    // Lets a signal's handler run: inference itself does not yield.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

async function readOne(file: string, { reader, mapsFolder, features }: ReadFilesOptions): Promise<FileResult> {
  let reading: FileReading;
  try {
    reading = await reader.read(file);
  } catch (thrown) {
    // What nobody foresaw is told as well: one odd file must not end the reading of an archive.
    const error = AppError.from(thrown);
    if (fatalCodes.has(error.code)) throw error;
    return { file, error: { code: error.code, message: errorSentence(error) } };
  }
  // Before the line: a file that has its line has its maps.
  if (mapsFolder !== undefined) await writeMaps(mapsFolder, file, reading);
  return { file, analysis: reading.analysis, ...(features ? { features: reading.features } : {}) };
}
