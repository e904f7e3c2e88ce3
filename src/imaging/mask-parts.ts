/** Connected parts of a yes-or-no picture. Row-major; 1 = inside. */

export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly inside: Uint8Array;
}

/** What is smaller than this share of the largest part is a speck. */
const speckShare = 0.1;

/** Pixels at or above `level`. */
export function maskAt(values: Float32Array, width: number, height: number, level: number): Mask {
  const inside = new Uint8Array(values.length);
  for (let place = 0; place < inside.length; place += 1) inside[place] = values[place]! >= level ? 1 : 0;
  return { width, height, inside };
}

/**
 * The largest parts whose pixels touch with an edge, largest first, each without its holes; specks are left out.
 *
 * @param most at most so many
 */
export function largestParts(mask: Mask, most: number): readonly Mask[] {
  const { width, height, inside } = mask;
  const { labels, sizes } = labelParts(inside, width, height);
  const largest = Math.max(0, ...sizes);
  return sizes
    .map((size, label) => ({ size, label }))
    .filter(({ size }) => size > 0 && size >= largest * speckShare)
    .sort((a, b) => b.size - a.size)
    .slice(0, most)
    .map(({ label }) => wholePart(labels, label, width, height));
}

/** Pixels that lie in any of the masks; an empty list makes an empty mask of that size. */
export function unionOf(masks: readonly Mask[], width: number, height: number): Mask {
  const inside = new Uint8Array(width * height);
  for (const mask of masks) {
    for (let place = 0; place < inside.length; place += 1) inside[place] = inside[place]! | mask.inside[place]!;
  }
  return { width, height, inside };
}

export function areaOf({ inside }: Mask): number {
  let area = 0;
  for (const value of inside) area += value;
  return area;
}

/** A part with its holes filled: what cannot be reached from the picture's edge without crossing it. */
function wholePart(labels: Int32Array, label: number, width: number, height: number): Mask {
  // One row and column of outside around it: all of the outside is then one part, with the label of the first pixel.
  const paddedWidth = width + 2;
  const outside = new Uint8Array(paddedWidth * (height + 2)).fill(1);
  for (let y = 0, place = 0; y < height; y += 1) {
    for (let x = 0, to = (y + 1) * paddedWidth + 1; x < width; x += 1, to += 1, place += 1) {
      if (labels[place] === label) outside[to] = 0;
    }
  }
  const { labels: around } = labelParts(outside, paddedWidth, height + 2);
  const inside = new Uint8Array(width * height);
  for (let y = 0, place = 0; y < height; y += 1) {
    for (let x = 0, from = (y + 1) * paddedWidth + 1; x < width; x += 1, from += 1, place += 1) {
      inside[place] = around[from] === around[0] ? 0 : 1;
    }
  }
  return { width, height, inside };
}

/** A number a part, −1 outside of all, and the size of each. */
function labelParts(inside: Uint8Array, width: number, height: number): { labels: Int32Array; sizes: number[] } {
  const labels = new Int32Array(width * height).fill(-1);
  const sizes: number[] = [];
  const waiting: number[] = [];
  const enter = (place: number, label: number): void => {
    if (inside[place] !== 1 || labels[place] !== -1) return;
    labels[place] = label;
    waiting.push(place);
  };
  for (let start = 0; start < labels.length; start += 1) {
    if (inside[start] !== 1 || labels[start] !== -1) continue;
    const label = sizes.length;
    let size = 0;
    enter(start, label);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      size += 1;
      const x = place % width;
      if (x > 0) enter(place - 1, label);
      if (x + 1 < width) enter(place + 1, label);
      if (place >= width) enter(place - width, label);
      if (place + width < labels.length) enter(place + width, label);
    }
    sizes.push(size);
  }
  return { labels, sizes };
}
