/** Masks of lungs and heart from a pack of the role `lungs`. */

import { toNetworkInput, type GrayPixels } from '../imaging/network-input.ts';
import type { LogitMap } from '../imaging/transverse-lines.ts';
import { AppError } from '../shared/app-error.ts';
import { lungsAnswerGrid, type LungsManifest, type PackContents } from '../shared/pack.ts';
import { loadGraphNetwork } from './graph-network.ts';

/** Logits over the whole picture, squashed to the network's shape. */
export interface LungMasks {
  readonly lungs: LogitMap;
  readonly heart: LogitMap;
}

export interface LungsNetwork {
  readonly manifest: LungsManifest;
  /** @throws AppError `wrong-output` where an answer is not a number */
  segment(image: GrayPixels): LungMasks;
  /**
   * Logits at `lungsAnswerGrid`² places, lungs and heart in turn, for the known answers.
   * @param input row-major, the pack's size and range
   */
  answer(input: Float32Array): readonly number[];
  dispose(): void;
}

const maskCount = 2;

/**
 * Loads a pack of the role `lungs` onto the engine that runs.
 *
 * @throws AppError `pack-invalid` {reason}
 */
export function loadLungsNetwork(contents: PackContents): LungsNetwork {
  const { manifest } = contents;
  if (manifest.role !== 'lungs') throw new AppError('pack-invalid', { reason: `a ${manifest.role} pack has no masks` });
  const graph = loadGraphNetwork(contents);
  const name = manifest.outputs.masks;

  function run(input: Float32Array): LungMasks {
    const { shape, values } = graph.run(input, [name])[name]!;
    const [, height = 0, width = 0, channels] = shape;
    if (channels !== maskCount || values.length !== height * width * maskCount) {
      throw new AppError('pack-invalid', { reason: `the graph draws ${String(channels)} of ${maskCount} masks` });
    }
    if (!values.every(Number.isFinite)) throw new AppError('wrong-output', { output: name, reason: 'not a number' });
    const mask = (channel: number): LogitMap => {
      const logits = Float32Array.from({ length: width * height }, (_, place) => values[place * maskCount + channel]!);
      return { width, height, logits };
    };
    return { lungs: mask(0), heart: mask(1) };
  }

  return {
    manifest,
    segment: (image) => run(toNetworkInput(image, manifest.input)),
    answer: (input) => {
      const { lungs, heart } = run(input);
      return gridPlaces(lungs).flatMap((place) => [lungs.logits[place]!, heart.logits[place]!]);
    },
    dispose: () => graph.dispose(),
  };
}

/** Places in the middle of the cells of a grid over the whole mask. */
function gridPlaces({ width, height }: LogitMap): readonly number[] {
  const middles = (size: number): number[] =>
    Array.from({ length: lungsAnswerGrid }, (_, cell) => Math.floor(((cell + 1 / 2) * size) / lungsAnswerGrid));
  return middles(height).flatMap((y) => middles(width).map((x) => y * width + x));
}
