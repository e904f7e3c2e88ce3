/** How far a network of ours is from the published graph that it was made of, on the same inputs and the same engine. */

import { comparisonInputs, type NamedInput } from './comparison-inputs.ts';
import type { PublishedGraph } from './graph-model.ts';
import type { RecognisedAutoencoder } from './recognise-autoencoder.ts';
import type { DenseNetNodes } from './recognise-densenet.ts';
import { loadAsPublished } from './run-as-published.ts';

export interface LogitComparison {
  readonly inputs: number;
  /** Largest absolute differences over all inputs and outputs. */
  readonly logit: number;
  readonly probability: number;
  /** Input with the largest difference in logit. */
  readonly worstInput: string;
  /** Smallest standard deviation over the inputs that any output's logit has: near 0 any two networks would agree. */
  readonly spread: number;
}

export interface ReconstructionComparison {
  readonly inputs: number;
  /** Largest absolute difference of a pixel. */
  readonly absolute: number;
  /** The same, over the standard deviation of the published reconstructions' pixels. */
  readonly relative: number;
  readonly worstInput: string;
}

export interface ComparisonOptions {
  readonly graph: PublishedGraph;
  /** Values of the network's black and white. */
  readonly range: readonly [low: number, high: number];
  /** Our network. @param input row-major @returns logits in the published order, or the reconstruction */
  readonly ours: (input: Float32Array) => Float32Array;
  /** Absent: the sixteen of comparison-inputs.ts. */
  readonly inputs?: readonly NamedInput[];
}

/**
 * The engine of `startPublishedEngine` must be running, and our network loaded onto it.
 *
 * @throws Error where the number of answers differs
 */
export async function compareWithPublished({
  graph,
  nodes,
  range,
  ours,
  inputs = inputsOf(graph, nodes.input, range),
}: ComparisonOptions & { readonly nodes: DenseNetNodes }): Promise<LogitComparison> {
  const network = await loadAsPublished(graph);
  let [logit, probability, worstInput] = [0, 0, ''];
  const rows: Float32Array[] = [];
  try {
    for (const { name, values } of inputs) {
      const answer = network.run(values, [nodes.logits, nodes.probabilities]);
      const published = answer[nodes.logits]!;
      const found = ours(values);
      const difference = largestDifference(found, published);
      if (difference >= logit) worstInput = name;
      logit = Math.max(logit, difference);
      probability = Math.max(probability, largestDifference(found.map(sigmoid), answer[nodes.probabilities]!));
      rows.push(published);
    }
  } finally {
    network.dispose();
  }
  const outputs = rows[0]?.length ?? 0;
  const deviations = Array.from({ length: outputs }, (_, output) => deviation(rows.map((row) => row[output]!)));
  return { inputs: inputs.length, logit, probability, worstInput, spread: Math.min(...deviations) };
}

/** As `compareWithPublished`, pixel by pixel. */
export async function compareReconstructions({
  graph,
  nodes,
  range,
  ours,
  inputs = inputsOf(graph, nodes.input, range),
}: ComparisonOptions & { readonly nodes: RecognisedAutoencoder['nodes'] }): Promise<ReconstructionComparison> {
  const network = await loadAsPublished(graph);
  let [absolute, worstInput] = [0, ''];
  const pixels: number[] = [];
  try {
    for (const { name, values } of inputs) {
      const published = network.run(values, [nodes.reconstruction])[nodes.reconstruction]!;
      const difference = largestDifference(ours(values), published);
      if (difference >= absolute) worstInput = name;
      absolute = Math.max(absolute, difference);
      for (const pixel of published) pixels.push(pixel);
    }
  } finally {
    network.dispose();
  }
  return { inputs: inputs.length, absolute, relative: absolute / deviation(pixels), worstInput };
}

function inputsOf(graph: PublishedGraph, input: string, range: readonly [number, number]): NamedInput[] {
  const [, , height = 0, width = 0] = graph.nodes.get(input)?.attributes.shape('shape') ?? [];
  return comparisonInputs(width, height, range);
}

/** NaN where either holds one: no comparison may pass then. */
function largestDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) {
    throw new Error(`Our network answers ${found.length} numbers, the published one ${expected.length}.`);
  }
  return found.reduce((largest, value, index) => Math.max(largest, Math.abs(value - expected[index]!)), 0);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
