import type { FindingMap } from '../shared/analysis.ts';

/** Cells along the shorter side of the picture: with 224 pixels steps of 16. */
const cellsAlongSide = 14;
/** Side of a patch, in cells. */
const patchCells = 2;

export interface OcclusionOptions {
  readonly width: number;
  readonly height: number;
  /** The finding's logit for a picture. */
  readonly logitOf: (input: Float32Array) => number;
  /** Told the share that is done, after each run; throws to end. */
  readonly onProgress: (share: number) => Promise<void>;
}

/**
 * How much a finding's logit falls where the picture is covered by a square of its mean grey, moved in steps of half its side
 * (Zeiler & Fergus, arXiv 1311.2901, §4.2). A cell gets the mean over all squares that cover it.
 *
 * @param input row-major, height × width
 * @returns logits; negative where the finding rises when the place is covered
 */
export async function occlusionMap(
  input: Float32Array,
  { width, height, logitOf, onProgress }: OcclusionOptions,
): Promise<FindingMap> {
  const cell = Math.max(1, Math.round(Math.min(width, height) / cellsAlongSide));
  const across = Math.ceil(width / cell);
  const down = Math.ceil(height / cell);
  const patchesAcross = Math.max(1, across - patchCells + 1);
  const patchesDown = Math.max(1, down - patchCells + 1);
  const grey = input.reduce((sum, value) => sum + value, 0) / input.length;
  const whole = logitOf(input);
  const sums = new Float64Array(across * down);
  const counts = new Float64Array(across * down);
  for (let patch = 0; patch < patchesAcross * patchesDown; patch += 1) {
    const row = Math.floor(patch / patchesAcross);
    const column = patch % patchesAcross;
    const covered = input.slice();
    for (let y = row * cell; y < Math.min(height, (row + patchCells) * cell); y += 1) {
      covered.fill(grey, y * width + column * cell, y * width + Math.min(width, (column + patchCells) * cell));
    }
    const fall = whole - logitOf(covered);
    for (let y = row; y < Math.min(down, row + patchCells); y += 1) {
      for (let x = column; x < Math.min(across, column + patchCells); x += 1) {
        sums[y * across + x]! += fall;
        counts[y * across + x]! += 1;
      }
    }
    await onProgress((patch + 1) / (patchesAcross * patchesDown));
  }
  return { width: across, height: down, values: Array.from(sums, (sum, index) => sum / counts[index]!) };
}
