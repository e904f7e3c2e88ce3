/** Writes capital letters and digits into a picture of floats, as a machine that burns in text would: hard edges, one height. */

/** Five by seven, a row a string; enough letters for names and dates. */
const font: Readonly<Record<string, readonly string[]>> = {
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  D: ['####.', '#...#', '#...#', '#...#', '#...#', '#...#', '####.'],
  E: ['#####', '#....', '#....', '####.', '#....', '#....', '#####'],
  J: ['..###', '...#.', '...#.', '...#.', '...#.', '#..#.', '.##..'],
  L: ['#....', '#....', '#....', '#....', '#....', '#....', '#####'],
  N: ['#...#', '##..#', '#.#.#', '#.#.#', '#..##', '#...#', '#...#'],
  O: ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  R: ['####.', '#...#', '#...#', '####.', '#.#..', '#..#.', '#...#'],
  '0': ['.###.', '#...#', '#..##', '#.#.#', '##..#', '#...#', '.###.'],
  '1': ['..#..', '.##..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  '4': ['...#.', '..##.', '.#.#.', '#..#.', '#####', '...#.', '...#.'],
  '6': ['.###.', '#....', '#....', '####.', '#...#', '#...#', '.###.'],
  '9': ['.###.', '#...#', '#...#', '.####', '....#', '....#', '.###.'],
  ' ': ['.....', '.....', '.....', '.....', '.....', '.....', '.....'],
};
const [letterWidth, letterHeight] = [5, 7];

export interface DrawnText {
  readonly left: number;
  readonly top: number;
  /** Pixels a dot of the font. */
  readonly dot: number;
  readonly grey: number;
}

/** @returns the letters' box in pixels, ends excluded */
export function drawText(
  data: Float32Array,
  pictureWidth: number,
  text: string,
  { left, top, dot, grey }: DrawnText,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  Array.from(text).forEach((letter, position) => {
    const rows = font[letter];
    if (rows === undefined) throw new Error(`the font has no ${letter}`);
    const x0 = left + position * (letterWidth + 1) * dot;
    for (let y = 0; y < letterHeight * dot; y += 1) {
      for (let x = 0; x < letterWidth * dot; x += 1) {
        if (rows[Math.floor(y / dot)]![Math.floor(x / dot)] === '#') data[(top + y) * pictureWidth + x0 + x] = grey;
      }
    }
  });
  return { left, top, right: left + (text.length * (letterWidth + 1) - 1) * dot, bottom: top + letterHeight * dot };
}
