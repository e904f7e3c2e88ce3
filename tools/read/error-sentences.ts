import type { AppError, ErrorCode } from '../../src/shared/app-error.ts';
import { maxFileBytes } from '../../src/shared/limits.ts';

const bytesPerMegabyte = 1e6;

/** What the command line can meet, in a sentence; the app's own sentences are for its screens. */
const sentences: Partial<Record<ErrorCode, string>> = {
  'file-empty': 'The file is empty.',
  'file-too-large': `The file is larger than ${maxFileBytes / bytesPerMegabyte} MB.`,
  'file-unreadable': 'The file cannot be read.',
  'file-is-folder': 'This is a folder.',
  'format-unknown': 'This is no picture that is known here.',
  'format-unsupported': 'Pictures of this format are not read: convert it to PNG or JPEG.',
  'format-is-text': 'This is text, not a picture.',
  'format-is-svg': 'This is a drawing (SVG), not an X-ray.',
  'image-too-large': 'The picture has too many pixels.',
  'image-truncated': 'The picture ends too early: copy it again.',
  'image-corrupt': 'The picture is damaged.',
  'image-cmyk': 'The picture has printing colours (CMYK): save it as grey or RGB.',
  'dicom-no-image': 'The DICOM file holds no picture.',
  'dicom-no-frame': 'The DICOM file has fewer frames.',
  'dicom-unsupported': 'The DICOM file stores its picture in a way that is not read: export it as PNG or JPEG.',
  'dicom-too-complex': 'The DICOM file unfolds into far more than any X-ray needs.',
  'needs-browser': 'Only a browser can decode this format: open it in the app, or convert it to PNG or JPEG.',
  'wrong-usage': 'The file has no such picture.',
  'decode-out-of-memory': 'There was not enough memory to decode the picture.',
  'decode-crashed': 'The decoder failed on this picture.',
  'engine-start-failed': 'The engine could not be started.',
  'known-answer-mismatch': 'This computer computes wrongly: the known answers of the pack do not hold.',
  'wrong-output': 'The network gave no usable numbers.',
  'pack-missing': 'The model pack is missing: run the program from the repository, or build it again.',
  'pack-invalid': 'The model pack is not valid.',
  'pack-hash-mismatch': 'A file of the model pack is not the one that was published.',
  'pack-damaged': 'A file of the model pack is damaged.',
  'catalog-invalid': 'The catalog of model packs is not valid.',
};

/** A sentence and, in brackets, the values of the error. */
export function errorSentence(error: AppError): string {
  const details = Object.entries(error.details).map(([name, value]) => `${name} ${value}`);
  const sentence = sentences[error.code] ?? error.code;
  return details.length === 0 ? sentence : `${sentence} (${details.join(', ')})`;
}
