/**
 * An autoencoder of chest X-rays as a second opinion of the gate: what it cannot redraw it has not seen (Chester,
 * arXiv 1901.11210, §2.1).
 */

import { toNetworkInput, type GrayPixels } from '../imaging/network-input.ts';
import { structuralSimilarity, type GreyBytes } from '../imaging/structural-similarity.ts';
import type { Reason, SecondOpinion } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { PackContents, PackInput, SecondOpinionManifest } from '../shared/pack.ts';
import { loadGraphNetwork } from './graph-network.ts';

export interface SecondOpinionNetwork {
  readonly manifest: SecondOpinionManifest;
  /** How well the network redraws the picture. @throws AppError `wrong-output` where that is not a number */
  judge(image: GrayPixels): SecondOpinion;
  /**
   * Similarity and reconstruction error, for the known answers.
   * @param input row-major, the pack's size and range
   */
  answer(input: Float32Array): readonly [similarity: number, reconstructionError: number];
  dispose(): void;
}

const maxByte = 255;

/**
 * Loads a pack of the role `second-opinion` onto the engine that runs.
 *
 * @throws AppError `pack-invalid` {reason}
 */
export function loadSecondOpinion(contents: PackContents): SecondOpinionNetwork {
  const { manifest } = contents;
  if (manifest.role !== 'second-opinion') {
    throw new AppError('pack-invalid', { reason: `a ${manifest.role} pack is no second opinion` });
  }
  const graph = loadGraphNetwork(contents);
  const { input: shape, outputs, refuseAtSimilarity } = manifest;

  function answer(input: Float32Array): readonly [number, number] {
    const redrawn = graph.run(input, [outputs.reconstruction])[outputs.reconstruction]!.values;
    if (redrawn.length !== input.length) {
      throw new AppError('pack-invalid', { reason: `the graph redraws ${redrawn.length} of ${input.length} pixels` });
    }
    const answers = answersOf(input, redrawn, shape);
    // Bytes know no NaN, the error does.
    if (!answers.every(Number.isFinite)) {
      throw new AppError('wrong-output', { output: outputs.reconstruction, reason: 'not a number' });
    }
    return answers;
  }

  return {
    manifest,
    answer,
    judge: (image) => {
      const [similarity, reconstructionError] = answer(toNetworkInput(image, shape));
      return { pack: `${manifest.id}@${manifest.version}`, similarity, reconstructionError, refuseAtSimilarity };
    },
    dispose: () => graph.dispose(),
  };
}

/**
 * How near a reconstruction is to its picture; both row-major, in the network's range. The similarity is of what the original
 * would show: v / 2 + 0.5 as 8 bits.
 */
export function answersOf(
  input: Float32Array,
  redrawn: Float32Array,
  { width, height }: Pick<PackInput, 'width' | 'height'>,
): readonly [similarity: number, reconstructionError: number] {
  const error = input.reduce((sum, value, at) => sum + Math.abs(value - redrawn[at]!), 0) / input.length;
  const asPicture = (values: Float32Array): GreyBytes => {
    return { width, height, data: Uint8ClampedArray.from(values, (value) => (value / 2 + 0.5) * maxByte) };
  };
  return [structuralSimilarity(asPicture(input), asPicture(redrawn)), error];
}

/** The original's rule: refused at or below its limit. */
export function secondOpinionReasons(opinion: SecondOpinion | undefined): readonly Reason[] {
  if (opinion === undefined || opinion.similarity > opinion.refuseAtSimilarity) return [];
  const { similarity, refuseAtSimilarity, pack } = opinion;
  return [
    { code: 'far-from-training', severity: 'refuse', value: similarity, threshold: refuseAtSimilarity, source: pack },
  ];
}
