/**
 * Does the picture hold two dark fields left and right of a bright column? That is the coarsest thing that all frontal
 * chest X-rays share: air in both lungs, and the spine with heart and vessels between them.
 */

/** Side of the square copy that is searched, in pixels: a lung is still eight pixels wide, letters are gone. */
export const lungFieldSide = 40;

/**
 * Side lengths of the chest that are tried, in pixels of the copy: from half the picture (a plate with much empty
 * surround, or a photograph of a light box) to all of it (lungs that touch the edges).
 */
const chestSides = [20, 24, 28, 32, 36, 40] as const;

/** Below this variance (a thirtieth of a percent of the range, squared) there is no picture, only rounding. */
const leastVariance = 1e-4;

/**
 * The drawing, in units of half the chest box. Read off a textbook's frontal view, not fitted: two upright ellipses of
 * air; bright are the middle column, the neck with the shoulders above, what lies below the diaphragm, and the chest
 * wall at both sides. Beyond the wall lie arms, air or the plate's edge: not compared.
 */
const lung = { centreX: 0.48, centreY: -0.05, halfWidth: 0.32, halfHeight: 0.72 };
const middle = { halfWidth: 0.13, halfHeight: 0.9 };
const above = { below: -0.8, halfWidth: 0.8 };
const underDiaphragm = { above: 0.78, halfWidth: 0.8 };
const wall = { from: 0.84, halfHeight: 0.5 };

function signAt(x: number, y: number): 1 | -1 | 0 {
  const side = Math.abs(x);
  const inLung = ((side - lung.centreX) / lung.halfWidth) ** 2 + ((y - lung.centreY) / lung.halfHeight) ** 2 <= 1;
  if (inLung) return -1;
  const bright =
    (side < middle.halfWidth && Math.abs(y) < middle.halfHeight) ||
    (y > underDiaphragm.above && side < underDiaphragm.halfWidth) ||
    (y < above.below && side < above.halfWidth) ||
    (side > wall.from && Math.abs(y) < wall.halfHeight);
  return bright ? 1 : 0;
}

/** The drawing at one size; places that differ from person to person are not listed. */
interface Drawing {
  readonly side: number;
  /** Offsets in the copy from the chest box's top left corner. */
  readonly bright: Int32Array;
  readonly dark: Int32Array;
}

const drawings: readonly Drawing[] = chestSides.map((side) => {
  const offsets = { bright: [] as number[], dark: [] as number[] };
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const sign = signAt(((column + 1 / 2) / side) * 2 - 1, ((row + 1 / 2) / side) * 2 - 1);
      if (sign !== 0) offsets[sign > 0 ? 'bright' : 'dark'].push(row * lungFieldSide + column);
    }
  }
  return { side, bright: Int32Array.from(offsets.bright), dark: Int32Array.from(offsets.dark) };
});

export interface LungFields {
  /**
   * Best correlation with the drawing over all places and sizes, −1..1: about 0.67 in frontal chest X-rays,
   * 0.2 to 0.45 in other pictures.
   */
  readonly upright: number;
  /** The same for the picture's negative. */
  readonly inverted: number;
}

/**
 * Searches the drawing at every place and size: correlation over the drawing's bright and dark places only, so that
 * black borders and collimation do not count, and normalised within the chest box, so that exposure does not either.
 *
 * @param copy the whole picture squashed to `lungFieldSide` × `lungFieldSide`, row-major, 0..1
 */
export function findLungFields(copy: Float32Array): LungFields {
  let upright = -1;
  let inverted = -1;
  for (const drawing of drawings) {
    const room = lungFieldSide - drawing.side;
    for (let top = 0; top <= room; top += 1) {
      for (let left = 0; left <= room; left += 1) {
        const match = correlate(copy, top * lungFieldSide + left, drawing);
        upright = Math.max(upright, match);
        inverted = Math.max(inverted, -match);
      }
    }
  }
  return { upright, inverted };
}

/** Pearson's correlation of the drawing (bright 1, dark −1) with the pixels under it, −1..1. */
function correlate(copy: Float32Array, origin: number, { bright, dark }: Drawing): number {
  let brightSum = 0;
  let darkSum = 0;
  let squares = 0;
  for (let index = 0; index < bright.length; index += 1) {
    const value = copy[origin + bright[index]!]!;
    brightSum += value;
    squares += value * value;
  }
  for (let index = 0; index < dark.length; index += 1) {
    const value = copy[origin + dark[index]!]!;
    darkSum += value;
    squares += value * value;
  }
  const count = bright.length + dark.length;
  const mean = (brightSum + darkSum) / count;
  const drawingMean = (bright.length - dark.length) / count;
  const covariance = (brightSum - darkSum) / count - mean * drawingMean;
  const variance = Math.max(squares / count - mean * mean, leastVariance);
  return covariance / Math.sqrt(variance * (1 - drawingMean * drawingMean));
}
