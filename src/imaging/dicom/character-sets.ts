/**
 * Text in the character sets of DICOM (PS3.3 §C.12.1.1.2, PS3.5 §6.1), decoded by the platform's own `TextDecoder`.
 * Multi-byte sets of the code extensions are all EUC with another switch in front, so that one decoder each is enough.
 */

/** Defined terms of Specific Character Set, with and without code extensions, and the decoder's label. */
const decoderOf: Readonly<Record<string, string>> = {
  '': 'windows-1252',
  'IR 6': 'windows-1252',
  'IR 100': 'windows-1252',
  'IR 101': 'iso-8859-2',
  'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4',
  'IR 144': 'iso-8859-5',
  'IR 127': 'iso-8859-6',
  'IR 126': 'iso-8859-7',
  'IR 138': 'iso-8859-8',
  'IR 148': 'windows-1254',
  'IR 203': 'iso-8859-15',
  'IR 13': 'shift_jis',
  'IR 166': 'windows-874',
  'IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

interface CodeExtension {
  readonly decoder: string;
  /** The bytes are in the lower half of the table: EUC wants them in the upper one. */
  readonly raised?: boolean;
  /** EUC's prefix for the third set (JIS X 0212). */
  readonly prefix?: number;
}

/** Escape sequences, without ESC (PS3.3 tables C.12-3 and C.12-4). */
const extensions: Readonly<Record<string, CodeExtension>> = {
  '(B': { decoder: 'windows-1252' },
  '-A': { decoder: 'windows-1252' },
  '-B': { decoder: 'iso-8859-2' },
  '-C': { decoder: 'iso-8859-3' },
  '-D': { decoder: 'iso-8859-4' },
  '-L': { decoder: 'iso-8859-5' },
  '-G': { decoder: 'iso-8859-6' },
  '-F': { decoder: 'iso-8859-7' },
  '-H': { decoder: 'iso-8859-8' },
  '-M': { decoder: 'windows-1254' },
  '-b': { decoder: 'iso-8859-15' },
  '-T': { decoder: 'windows-874' },
  '(J': { decoder: 'shift_jis' },
  ')I': { decoder: 'shift_jis' },
  $B: { decoder: 'euc-jp', raised: true },
  '$(D': { decoder: 'euc-jp', raised: true, prefix: 0x8f },
  '$)C': { decoder: 'euc-kr' },
  '$)A': { decoder: 'gb2312' },
};

const escape = 0x1b;
const space = 0x20;
const upperHalf = 0x80;
const longestSequence = 3;
/** After these a text is in its first character set again (PS3.5 §6.1.2.5.3). */
const delimiters: ReadonlySet<number> = new Set(Array.from('\r\n\t\f^=\\', (sign) => sign.charCodeAt(0)));

/**
 * @param value bytes of one element of a text VR
 * @param characterSets values of Specific Character Set (0008,0005), as the file states them; unknown ones count as none
 */
export function decodeDicomText(value: Uint8Array, characterSets: readonly string[]): string {
  const first = initialDecoder(characterSets[0] ?? '');
  // Multi-byte sets without code extensions have no escape sequences, and bytes that look like delimiters.
  if (['utf-8', 'gb18030', 'gbk'].includes(first.decoder)) return decode(value, first);
  let text = '';
  let current = first;
  let start = 0;
  const flush = (end: number): void => {
    if (end > start) text += decode(value.subarray(start, end), current);
    start = end;
  };
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at]!;
    if (byte === escape) {
      flush(at);
      const sequence = sequenceAt(value, at + 1);
      current = extensions[sequence] ?? first;
      start = at + 1 + sequence.length;
      at = start - 1;
    } else if (delimiters.has(byte) && (current.raised !== true || byte < space)) {
      // In the lower half of a two-byte set `^` and `=` are halves of characters.
      flush(at);
      current = first;
    }
  }
  flush(value.length);
  return text;
}

function initialDecoder(term: string): CodeExtension {
  const short = term.trim().replace(/^ISO[ _](2022 )?/i, '');
  return { decoder: decoderOf[short] ?? decoderOf['']! };
}

/** The known escape sequence that begins here, the longest first; none is empty, and ESC alone goes. */
function sequenceAt(value: Uint8Array, at: number): string {
  for (let length = longestSequence; length >= 2; length -= 1) {
    const text = String.fromCharCode(...value.subarray(at, at + length));
    if (text in extensions) return text;
  }
  return '';
}

function decode(bytes: Uint8Array, { decoder, raised, prefix }: CodeExtension): string {
  return new TextDecoder(decoder).decode(raised === true ? inUpperHalf(bytes, prefix) : bytes);
}

function inUpperHalf(bytes: Uint8Array, prefix: number | undefined): Uint8Array {
  const raised = Array.from(bytes, (byte) => byte | upperHalf);
  if (prefix === undefined) return Uint8Array.from(raised);
  return Uint8Array.from(raised.flatMap((byte, index) => (index % 2 === 0 ? [prefix, byte] : [byte])));
}
