import { readStoredFigures } from '../../src/imaging/dicom/stored-figures.ts';
import { requireReadableFormat, sniffFormat } from '../../src/imaging/sniff-format.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { errorSentence } from './error-sentences.ts';
import type { LineSink } from './line-sink.ts';
import { createNodeCodecs, readPictureFile } from './node-codecs.ts';

/**
 * One JSON line a file: `{"file", "minimum", "maximum", "mean", "sha256"}` of a DICOM file's stored values, to be
 * compared with any other decoder's, or `{"file", "error"}`. No network is loaded.
 *
 * @returns whether every file has its line
 */
export async function printStoredValues(
  files: readonly string[],
  sink: LineSink,
  signal: AbortSignal,
): Promise<boolean> {
  const { compileDicomCodec } = createNodeCodecs();
  for (const file of files) {
    if (signal.aborted) return false;
    await sink.write(JSON.stringify({ file, ...(await figuresOf(file, compileDicomCodec)) }));
    // Lets a signal's handler run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

async function figuresOf(file: string, compile: ReturnType<typeof createNodeCodecs>['compileDicomCodec']) {
  try {
    const bytes = await readPictureFile(file);
    const format = requireReadableFormat(sniffFormat(bytes));
    if (format !== 'dicom') throw new AppError('format-unsupported', { format });
    return await readStoredFigures(bytes, compile);
  } catch (thrown) {
    const error = AppError.from(thrown);
    return { error: { code: error.code, message: errorSentence(error) } };
  }
}
