/**
 * Published models with seeded random weights, in a folder as they are published: the real weights may not be redistributed.
 * The engine of `startPublishedEngine` must be running, because the last layer is scaled by what the rest answers.
 */

import { comparisonInputs, type NamedInput } from '../../tools/pack/published/comparison-inputs.ts';
import { readGraphModel } from '../../tools/pack/published/graph-model.ts';
import { recogniseAutoencoder } from '../../tools/pack/published/recognise-autoencoder.ts';
import { recogniseDenseNet } from '../../tools/pack/published/recognise-densenet.ts';
import { loadAsPublished } from '../../tools/pack/published/run-as-published.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import type { PublishedModelJson } from './published-style.ts';
import { normalNumbers, randomWeights, writePublished, type PublishedWeights } from './published-weights.ts';

/** Standard deviation of each output's logits over the inputs: saturated networks agree whatever they compute. */
export const logitSpread = 2;
/** Before scaling. */
const leastSpread = 0.5;

const densenetInputs = (): NamedInput[] => comparisonInputs(224, 224, [-1024, 1024]);
const autoencoderInputs = (): NamedInput[] => comparisonInputs(64, 64, [0, 1]);

/** Writes `model.json` and its shards. */
export async function writeRandomDenseNet(folder: string, model: PublishedModelJson): Promise<void> {
  const weights = randomWeights(model, { seed: 121, inputSize: 512 });
  await writePublished(folder, model, weights);
  await spreadLogits(folder, model, weights);
}

/** Writes `model.json` and its shards. */
export async function writeRandomAutoencoder(folder: string, model: PublishedModelJson): Promise<void> {
  const weights = randomWeights(model, { seed: 64, inputSize: 0.5 });
  await writePublished(folder, model, weights);
  await scaleLast(folder, model, weights);
}

/**
 * Rewrites the classifier so that each output's logits have mean 0 and `logitSpread` over the inputs. A column whose logits
 * hardly vary is drawn anew first: scaled up it would be an amplifier of rounding, which no trained classifier is.
 */
async function spreadLogits(folder: string, model: PublishedModelJson, weights: PublishedWeights): Promise<void> {
  const graph = await readGraphModel(folder);
  const sum = graph.nodes.get(recogniseDenseNet(graph).nodes.logits)!;
  const product = graph.nodes.get(sum.inputs[0]!)!;
  const features = product.inputs[0]!;
  const network = await loadAsPublished(graph);
  const rows = densenetInputs().map(({ values }) => network.run(values, [features])[features]!);
  network.dispose();

  const [weight, bias] = [weights.get(product.inputs[1]!)!, weights.get(sum.inputs[1]!)!];
  const draw = normalNumbers(seededNumbers(18), 1 / Math.sqrt(rows[0]!.length));
  bias.forEach((_, output) => {
    let column = rows[0]!.map((_feature, index) => weight[index * bias.length + output]!);
    let { mean, spread } = spreadOf(rows, column);
    while (spread < leastSpread) {
      column = column.map(draw);
      ({ mean, spread } = spreadOf(rows, column));
    }
    const factor = logitSpread / spread;
    bias[output] = -mean * factor;
    column.forEach((value, index) => (weight[index * bias.length + output] = value * factor));
  });
  await writePublished(folder, model, weights);
}

/** Of the products of the rows with a column. */
function spreadOf(rows: readonly Float32Array[], column: Float32Array): { mean: number; spread: number } {
  const logits = rows.map((row) => row.reduce((total, value, index) => total + value * column[index]!, 0));
  const mean = logits.reduce((total, logit) => total + logit, 0) / logits.length;
  const spread = Math.sqrt(logits.reduce((total, logit) => total + (logit - mean) ** 2, 0) / logits.length);
  return { mean, spread };
}

/** Rewrites the last layer so that what the hyperbolic tangent reads has a root mean square of 1. */
async function scaleLast(folder: string, model: PublishedModelJson, weights: PublishedWeights): Promise<void> {
  const graph = await readGraphModel(folder);
  const { nodes } = recogniseAutoencoder(graph);
  const beforeTanh = graph.nodes.get(nodes.reconstruction)!.inputs[0]!;
  const network = await loadAsPublished(graph);
  const squares = autoencoderInputs().flatMap(({ values }) =>
    Array.from(network.run(values, [beforeTanh])[beforeTanh]!, (value) => value ** 2),
  );
  network.dispose();
  const size = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  const last = weights.get(graph.nodes.get(graph.nodes.get(beforeTanh)!.inputs[0]!)!.inputs[1]!)!;
  last.forEach((value, index) => (last[index] = value / size));
  await writePublished(folder, model, weights);
}
