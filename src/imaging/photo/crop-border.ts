import type { GrayPixels } from '../network-input.ts';
import type { Rectangle } from '../resize.ts';

/** A rim wider than this share of a side is taken for part of the picture: black margins of a narrow chest. */
const widestRim = 0.06;
/** Where no corners were found, the dark room and the bare pane above and below a film may be as wide as this. */
export const widestSurroundings = 0.45;
/** Standard deviation along a line of a rim, 0..1: nothing but grain. */
const evenLine = 0.035;
/** A rim ends at a step of this much in the mean: else an even part of the chest would be cut. */
const rimStep = 0.06;
/** Pixels along the rim's end within which the step happens, share of a side. */
const stepReach = 0.012;

/**
 * The picture without the rim that corners a hair too wide leave: light beside the film, or the film's own clear or black
 * edge. Each side ends at the last even line that is followed by a step; a picture without such lines stays whole.
 *
 * @param widest share of a side up to which a rim is cut, 0..0.5
 */
export function findBorder({ width, height, data }: GrayPixels, widest = widestRim): Rectangle {
  const rows = lineStatistics(height, (line, along) => data[line * width + along]!, width);
  const columns = lineStatistics(width, (line, along) => data[along * width + line]!, height);
  const top = rimOf(rows, height, widest);
  const bottom = rimOf([...rows].reverse(), height, widest);
  const left = rimOf(columns, width, widest);
  const right = rimOf([...columns].reverse(), width, widest);
  return { x: left, y: top, width: width - left - right, height: height - top - bottom };
}

interface LineStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and spread along each line, without the corners of the picture, where the rims of two sides meet. */
function lineStatistics(
  lines: number,
  valueAt: (line: number, along: number) => number,
  length: number,
): LineStatistics[] {
  const from = Math.floor(length * widestRim);
  const to = Math.max(from + 1, Math.ceil(length * (1 - widestRim)));
  // Every fourth pixel tells as much.
  const stride = length > 4 / widestRim ? 4 : 1;
  return Array.from({ length: lines }, (_, line) => {
    let [sum, squares, count] = [0, 0, 0];
    for (let along = from; along < to; along += stride) {
      const value = valueAt(line, along);
      sum += value;
      squares += value * value;
      count += 1;
    }
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
}

/** Lines from the first on that are rim. */
function rimOf(lines: readonly LineStatistics[], length: number, widest: number): number {
  const reach = Math.max(1, Math.round(stepReach * length));
  const most = Math.floor(widest * length);
  let rim = 0;
  for (let line = 0; line < most; line += 1) {
    if (lines[line]!.deviation > evenLine) break;
    const beyond = lines[line + reach];
    if (beyond !== undefined && Math.abs(beyond.mean - lines[line]!.mean) > rimStep) rim = line + reach;
  }
  return rim;
}
