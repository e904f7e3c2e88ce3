/** Which picture of a file was read and how, where that is not plain: for the screen, the list and paper. */

import { msg, str } from '@lit/localize';
import type { ImageSource, PictureReading, VoiFacts } from '../shared/analysis.ts';

/** Whole sentences about an analysed picture; none for one that was read as it is stored. */
export function readingSentences({ inverted, dicom, firstOfSeveral }: ImageSource): readonly string[] {
  const sentences: string[] = [];
  if (dicom !== undefined && dicom.frames > 1) {
    sentences.push(msg(str`The model read picture ${dicom.frame} of ${dicom.frames} in this file.`));
  } else if (firstOfSeveral === true) {
    sentences.push(msg('This file holds several pictures. The model read the first.'));
  }
  if (inverted === true) {
    sentences.push(msg('Read inverted: black and white were swapped before the model saw the picture, as you asked.'));
  }
  return sentences;
}

/** The same of an item of the list, in a few words; empty where it is read as it is stored. */
export function readingWords({ frame, inverted }: PictureReading): string {
  const words = [
    ...(frame === undefined ? [] : [msg(str`picture ${frame}`)]),
    ...(inverted === true ? [msg('inverted')] : []),
  ];
  return words.join(' · ');
}

/** A table or window of the file; what the file calls it is text from outside. */
export function windowName({ kind, center, width, explanation }: VoiFacts): string {
  const name = kind === 'table' ? msg('the file’s table') : msg(str`window ${center ?? 0} / ${width ?? 0}`);
  return explanation === undefined ? name : `${explanation}: ${name}`;
}
