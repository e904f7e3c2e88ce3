/**
 * Input gradients on our kernels against central differences: small random graphs with every operation of the networks that
 * packs hold, in odd sizes and with borders. The same checks run in Chromium (both builds) and in Node (the plain one).
 */

import { loadGradientNetwork } from '../../src/inference/kernels/gradient-network.ts';
import type { Kernels } from '../../src/inference/kernels/kernels.ts';
import { planGraph } from '../../src/inference/kernels/plan-graph.ts';
import { planLayout } from '../../src/inference/kernels/plan-layout.ts';
import { finishRun } from './finish-run.ts';
import type { KernelCase } from './kernel-cases.ts';
import { naiveDerivative } from './naive-gradient.ts';
import { RandomGraphWriter, type RandomGraph } from './random-densenet.ts';
import { randomNumbers, type RandomNumbers } from './random-numbers.ts';

/** Of the largest number of the gradient: products of some layers in float32 against differences in double precision. */
const tolerance = 2e-5;

interface Made {
  readonly graph: RandomGraph;
  readonly shape: readonly number[];
}

type Maker = (random: RandomNumbers, seed: number) => Made;

/** The graph's writer with what the makers below are made of. */
class Builder {
  readonly writer: RandomGraphWriter;
  readonly shape: readonly [number, number, number, number];
  #count = 0;

  constructor(seed: number, height: number, width: number, channels: number) {
    this.writer = new RandomGraphWriter(seed);
    this.shape = [1, height, width, channels];
    this.writer.input(height, width, channels);
  }

  name(what: string): string {
    this.#count += 1;
    return `${what}${this.#count}`;
  }

  convolution(
    input: string,
    [height, width, depth, columns]: readonly [number, number, number, number],
    options: { readonly stride?: number; readonly padding?: string; readonly activation?: string } = {},
  ): string {
    const name = this.name('convolution');
    const inputs = [
      input,
      this.writer.filter(`${name}/filter`, height, width, depth, columns),
      this.writer.bias(`${name}/bias`, columns),
    ];
    return this.writer.fusedConvolution(name, inputs, options.activation, options);
  }

  depthwise(input: string, channels: number, stride: number, padding = 'SAME'): string {
    const name = this.name('depthwise');
    const filter = this.writer.floats(`${name}/filter`, [3, 3, channels, 1], ({ normal }) => normal() / 2);
    const inputs = [input, filter, this.writer.bias(`${name}/bias`, channels)];
    return this.writer.fusedConvolution(name, inputs, 'Relu6', { stride, padding, op: 'FusedDepthwiseConv2dNative' });
  }

  pad(input: string, around: readonly [number, number, number, number]): string {
    const name = this.name('pad');
    const paddings = this.writer.integers(`${name}/around`, [0, 0, ...around, 0, 0], [4, 2]);
    return this.writer.add(name, 'Pad', [input, paddings]);
  }

  /** One number of each of three channels, from all of the map. */
  finish(input: string, channels: number): Made {
    const squeezed = this.convolution(input, [1, 1, channels, 3]);
    this.writer.add('end', 'Identity', [squeezed]);
    const [, height, width, depth] = this.shape;
    return { graph: this.writer.finish(height * width * depth), shape: this.shape };
  }
}

const oddSide = (random: RandomNumbers): number => 9 + random.integer(6);

const makers: Readonly<Record<string, Maker>> = {
  'a dense block with its transition': (_, seed) => {
    const b = new Builder(seed, 8, 10, 2);
    const axis = b.writer.integers('axis', [3], []);
    let node = b.convolution('input', [1, 1, 2, 16], { activation: 'Relu' });
    let channels = 16;
    for (let layer = 0; layer < 3; layer += 1, channels += 8) {
      const normed = b.writer.normRelu(b.name('norm'), node, channels);
      const squeezed = b.convolution(normed, [1, 1, channels, 12], { activation: 'Relu' });
      const name = b.name('grown');
      const grown = b.writer.convolution(name, squeezed, b.writer.filter(`${name}/filter`, 3, 3, 12, 8));
      node = b.writer.add(b.name('concat'), 'ConcatV2', [node, grown, axis], { N: { i: 2 } });
    }
    node = b.writer.pool('pool', 'AvgPool', b.writer.normRelu('norm', node, channels), 2, 2);
    return b.finish(node, channels);
  },
  'a stem: strided convolution, border, maximum': (random, seed) => {
    const b = new Builder(seed, oddSide(random), oddSide(random), 1);
    let node = b.pad('input', [3, 2, 3, 3]);
    node = b.convolution(node, [7, 7, 1, 10], { stride: 2, padding: 'VALID', activation: 'Relu' });
    node = b.pad(node, [1, 0, 1, 0]);
    node = b.writer.pool('pool', 'MaxPool', node, 3, 2);
    return b.finish(node, 10);
  },
  'inverted residuals of stride 1 and 2': (random, seed) => {
    const b = new Builder(seed, oddSide(random), oddSide(random), 1);
    let node = b.convolution('input', [3, 3, 1, 8], { stride: 2, activation: 'Relu6' });
    const narrow = b.convolution(b.depthwise(node, 8, 1), [1, 1, 8, 6]);
    node = b.depthwise(b.convolution(narrow, [1, 1, 6, 20], { activation: 'Relu6' }), 20, 1);
    const projected = b.convolution(node, [1, 1, 20, 6]);
    node = b.writer.add('residual', 'AddV2', [narrow, projected]);
    node = b.depthwise(b.convolution(node, [1, 1, 6, 20], { activation: 'Relu6' }), 20, 2);
    return b.finish(node, 20);
  },
  'depthwise convolutions without padding': (random, seed) => {
    const b = new Builder(seed, oddSide(random), oddSide(random), 5);
    return b.finish(b.depthwise(b.depthwise('input', 5, 1, 'VALID'), 5, 2, 'VALID'), 5);
  },
  'strides that leave pixels out, and windows that overlap': (random, seed) => {
    const b = new Builder(seed, oddSide(random), oddSide(random), 3);
    let node = b.convolution('input', [2, 3, 3, 9], { stride: 3, activation: 'Relu' });
    node = b.writer.pool('pool', 'AvgPool', node, 2, 1);
    node = b.convolution(node, [1, 1, 9, 5], { stride: 2 });
    return b.finish(node, 5);
  },
  'a map that is read in four ways': (random, seed) => {
    const b = new Builder(seed, oddSide(random), 7, 4);
    const map = b.convolution('input', [1, 1, 4, 8], { activation: 'Relu' });
    const wide = b.convolution(map, [3, 3, 8, 8]);
    const squared = b.convolution(wide, [3, 3, 8, 8], { activation: 'Relu' });
    const sum = b.writer.add('sum', 'AddV2', [map, squared]);
    const spread = b.depthwise(map, 8, 1);
    const both = b.writer.add('both', 'AddV2', [sum, spread]);
    const active = b.writer.add('active', 'Relu', [map]);
    const all = b.writer.add('all', 'AddV2', [both, active]);
    const biased = b.writer.add('biased', 'BiasAdd', [all, b.writer.bias('shift', 8)]);
    return b.finish(biased, 8);
  },
  'a 3×3 convolution by Winograd': (_, seed) => {
    const b = new Builder(seed, 14, 15, 1);
    const node = b.convolution('input', [1, 1, 1, 32], { activation: 'Relu' });
    return b.finish(b.convolution(node, [3, 3, 32, 32], { activation: 'Relu' }), 32);
  },
};

/** Graphs of each maker, and numbers of the input that are looked at in each: fewer where the naive way takes long. */
const rounds = 2;
const placesOfOne = 6;
const winogradRounds = 1;
const winogradPlaces = 2;
const seed = 30;

function check(kernels: Kernels, { graph, shape }: Made, random: RandomNumbers, places: number): void {
  const weights = new Map(graph.weights.map((weight) => [weight.name, weight]));
  const { operations, views } = planLayout(planGraph(graph.nodes, weights, ['end']), ['input'], ['end']);
  const shapes = new Map([...views].map(([name, view]) => [name, view.shape]));
  const network = loadGradientNetwork(graph.nodes, { name: 'input', shape }, graph.weights, 'end', kernels);
  if (network === undefined) throw new Error('the way back is not known');
  const input = random.floats(graph.inputLength);
  const end = shapes.get('end')!;
  const index = random.integer(end.height * end.width * end.channels);
  // Twice: what a run leaves behind must not reach the next.
  finishRun(network.run(input, index));
  const { gradient, output } = finishRun(network.run(input, index));
  network.dispose();
  if (output.length !== end.height * end.width * end.channels) throw new Error('the output has another size');
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const naive = { operations, shapes, input: 'input', output: 'end' };
  // Where something comes out, and anywhere.
  const reached = [...gradient.keys()].filter((place) => gradient[place] !== 0);
  if (reached.length === 0) throw new Error('all of the gradient is 0');
  for (let count = 0; count < places; count += 1) {
    const place = count % 2 === 0 ? reached[random.integer(reached.length)]! : random.integer(input.length);
    const expected = naiveDerivative(naive, input, index, place);
    if (!(Math.abs(gradient[place]! - expected) <= tolerance * largest)) {
      throw new Error(`${gradient[place]} at ${place}, not ${expected}, of ${largest}; input ${shape.join(' × ')}`);
    }
  }
}

export const gradientCases: readonly KernelCase[] = Object.entries(makers).map(([name, make]) => ({
  name: `${name}: the gradient of one number`,
  run: (kernels) => {
    const random = randomNumbers(seed);
    const isSlow = name.includes('Winograd');
    for (let round = 0; round < (isSlow ? winogradRounds : rounds); round += 1) {
      check(kernels, make(random, seed + round), random, isSlow ? winogradPlaces : placesOfOne);
    }
  },
}));
