import { maxShownTextLength } from './limits.ts';

/**
 * What text from outside must not carry onto the screen or into a file name:
 * control characters (C0, DEL, C1), line and paragraph separators, zero-width characters, and everything that changes the
 * direction of what follows (Unicode UAX #9: U+061C, U+200E–200F, U+202A–202E, U+2066–2069), with which
 * `exe.gnp` reads as `png.exe`.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unwanted = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * Text from a file, a name or a person, fit to be shown: unwanted characters become nothing, white space is joined and
 * trimmed, at most `maxLength` characters (code points, so that no character is cut in half) remain.
 * Broken surrogate pairs become U+FFFD.
 */
export function cleanText(text: string, maxLength: number = maxShownTextLength): string {
  const bounded = text.slice(0, maxLength * longestCharacter * roomForUnwanted).replace(/\s+/gu, ' ');
  const cleaned = bounded.replace(loneSurrogate, '\ufffd').replace(unwanted, '').trim();
  return Array.from(cleaned).slice(0, maxLength).join('').trimEnd();
}

/** UTF-16 units of the longest character. */
const longestCharacter = 2;
/** A hostile text of a gigabyte is not searched whole: this many times the wanted length is enough to clean from. */
const roomForUnwanted = 4;

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
