/** Root of UIDs made of UUIDs (PS3.5 §B.2). */
const uuidRoot = '2.25.';
/** The standard's own: names of classes, syntaxes and well-known frames of reference, of nobody's pictures. */
const standardRoot = '1.2.840.10008.';

export function newUid(): string {
  return `${uuidRoot}${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
}

/**
 * The new UIDs of one copy: the same old one always gets the same new one, so that what belonged together still does.
 * New ones are random: nothing leads back, and a second copy of the same file has others.
 */
export class ReplacedUids {
  readonly #known = new Map<string, string>();

  replace(uid: string): string {
    if (uid === '' || uid.startsWith(standardRoot)) return uid;
    const known = this.#known.get(uid);
    if (known !== undefined) return known;
    const replacement = newUid();
    this.#known.set(uid, replacement);
    return replacement;
  }

  /** Every one of an element's values. */
  replaceAll(value: Uint8Array): string {
    const text = Array.from(value, (byte) => String.fromCharCode(byte)).join('');
    return text
      .split('\\')
      .map((uid) => this.replace(uid.replace(/[\s\0]+$/, '').trimStart()))
      .join('\\');
  }
}
