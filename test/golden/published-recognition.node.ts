import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseAutoencoder } from '../../tools/pack/published/recognise-autoencoder.ts';
import { recogniseDenseNet } from '../../tools/pack/published/recognise-densenet.ts';
import { autoencoderModelJson, densenetModelJson, type PublishedModelJson } from '../support/published-style.ts';
import { publishedGraph, randomWeights, type PublishedWeights } from '../support/published-weights.ts';
import { upstreamModelJson } from '../support/upstream.ts';

/** A graph that computes anything but the network is refused by the name of the node that is wrong. */

interface Editable {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, unknown>;
}

/** A copy whose nodes may be changed. */
class Mutant {
  readonly model: PublishedModelJson;
  readonly nodes: Editable[];

  constructor(model: PublishedModelJson) {
    this.model = structuredClone(model);
    this.nodes = this.model.modelTopology.node as unknown as Editable[];
    for (const node of this.nodes) node.input ??= [];
  }

  /** The n-th node of an operation, in the file's order; from the end where n is negative. */
  nth(op: string, n: number): Editable {
    return this.nodes.filter((node) => node.op === op).at(n)!;
  }

  /** Takes a node out: its readers read what it read. */
  bypass(node: Editable): void {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    for (const { input } of this.nodes) {
      input.forEach((name, index) => {
        if (name === node.name) input[index] = node.input[0]!;
      });
    }
  }

  /** Puts a new node between `after` and all that read it. */
  insert(op: string, after: Editable): Editable {
    const added: Editable = { name: `inserted_${op}`, op, input: [after.name], attr: { T: { type: 'DT_FLOAT' } } };
    for (const { input } of this.nodes) {
      input.forEach((name, index) => {
        if (name === after.name) input[index] = added.name;
      });
    }
    this.nodes.push(added);
    return added;
  }
}

/** Changes the copy. @returns the node that is to be named */
type Mutation = (mutant: Mutant) => Editable;

const strides = (stride: number): object => ({ list: { i: ['1', String(stride), String(stride), '1'] } });
const same = { s: Buffer.from('SAME').toString('base64') };

const densenetMutations: Readonly<Record<string, Mutation>> = {
  'an order of another transposition': (mutant) => {
    const [last, first] = [mutant.nth('Transpose', 4), mutant.nth('Transpose', 5)];
    last.input[1] = first.input[1]!;
    return last;
  },
  'the scale of a wider norm': (mutant) => {
    const norm = mutant.nth('Mul', 1);
    norm.input[0] = mutant.nth('Mul', 10).input[0]!;
    return norm;
  },
  'a norm without constants': (mutant) => {
    const norm = mutant.nth('Mul', 3);
    norm.input[0] = norm.input[1]!;
    return norm;
  },
  'a kernel of another layer': (mutant) => {
    const convolution = mutant.nth('Conv2D', 3);
    convolution.input[1] = mutant.nth('Conv2D', 4).input[1]!;
    return convolution;
  },
  'no ReLU in the first layer': (mutant) => {
    const relu = mutant.nth('Relu', 1);
    mutant.bypass(relu);
    return mutant.nodes.find(({ name }) => name === relu.input[0])!;
  },
  'no ReLU at the end': (mutant) => {
    const relu = mutant.nth('Relu', -1);
    mutant.bypass(relu);
    return mutant.nodes.find(({ name }) => name === relu.input[0])!;
  },
  'one more ReLU after a convolution': (mutant) => mutant.insert('Relu', mutant.nth('Conv2D', 7)),
  'a second output': (mutant) => {
    const map = mutant.nth('Relu', 30);
    const added = { name: 'side', op: 'Relu', input: [map.name], attr: {} };
    mutant.nodes.push(added);
    return added;
  },
  'a constant that nobody reads': (mutant) => {
    const added = { name: 'idle', op: 'Const', input: [], attr: {} };
    mutant.nodes.push(added);
    return added;
  },
  'another stride': (mutant) => {
    const convolution = mutant.nth('Conv2D', 0);
    convolution.attr['strides'] = strides(1);
    return convolution;
  },
  'another padding': (mutant) => {
    const convolution = mutant.nth('Conv2D', 2);
    convolution.attr['padding'] = same;
    return convolution;
  },
  'a dilation': (mutant) => {
    const convolution = mutant.nth('Conv2D', 6);
    convolution.attr['dilations'] = strides(2);
    return convolution;
  },
  'a pooling of another size': (mutant) => {
    const pool = mutant.nth('AvgPool', 1);
    pool.attr['ksize'] = strides(3);
    return pool;
  },
  'a maximum in place of an average': (mutant) => {
    const pool = mutant.nth('AvgPool', 2);
    pool.op = 'MaxPool';
    return pool;
  },
  'a transposed classifier': (mutant) => {
    const product = mutant.nth('MatMul', 0);
    product.attr['transpose_b'] = { b: true };
    return product;
  },
  'new channels before the old ones': (mutant) => {
    const concat = mutant.nth('ConcatV2', 9);
    concat.input.splice(0, 2, concat.input[1]!, concat.input[0]!);
    return mutant.nth('ConcatV2', 8);
  },
  'a layer that skips the one before it': (mutant) => {
    // The second layer reads what the third is joined to.
    const concat = mutant.nth('ConcatV2', 1);
    const [old, other] = [concat.input[0]!, mutant.nth('ConcatV2', 2).name];
    const scale = mutant.nodes.find((node) => node.op === 'Mul' && node.input.includes(old))!;
    scale.input = scale.input.map((name) => (name === old ? other : name));
    return mutant.nth('ConcatV2', 2);
  },
  'a subtraction in place of a sum': (mutant) => {
    const sum = mutant.nth('Add', 5);
    sum.op = 'Sub';
    return sum;
  },
};

const autoencoderMutations: Readonly<Record<string, Mutation>> = {
  'no ReLU': (mutant) => {
    const relu = mutant.nth('Relu', 2);
    mutant.bypass(relu);
    return mutant.nodes.find(({ name }) => name === relu.input[0])!;
  },
  'a ReLU that does not leak': (mutant) => {
    const leaky = mutant.nth('LeakyRelu', 1);
    leaky.op = 'Relu';
    return leaky;
  },
  'another stride': (mutant) => {
    const transposed = mutant.nth('Conv2DBackpropInput', 1);
    transposed.attr['strides'] = strides(1);
    return transposed;
  },
  'the size of another layer': (mutant) => {
    const transposed = mutant.nth('Conv2DBackpropInput', 3);
    transposed.input[0] = mutant.nth('Conv2DBackpropInput', 4).input[0]!;
    return transposed;
  },
  'one more tanh': (mutant) => mutant.insert('Tanh', mutant.nth('Conv2DBackpropInput', 5)),
  'a sigmoid at the end': (mutant) => {
    const tanh = mutant.nth('Tanh', 0);
    tanh.op = 'Sigmoid';
    return tanh;
  },
};

/** What the graph's own network says, then each mutation refused by name. */
function tryAll(
  model: PublishedModelJson,
  weights: PublishedWeights,
  recognise: (graph: ReturnType<typeof publishedGraph>) => unknown,
  mutations: Readonly<Record<string, Mutation>>,
): void {
  recognise(publishedGraph(model, weights));
  for (const [name, mutate] of Object.entries(mutations)) {
    const mutant = new Mutant(model);
    const wrong = mutate(mutant);
    assert.throws(
      () => recognise(publishedGraph(mutant.model, weights)),
      (thrown) => thrown instanceof Error && thrown.message.includes(`: node ${wrong.name} (`),
      name,
    );
  }
}

for (const [id, name, mutations, recognise, generated] of [
  ['chester-v3', 'DenseNet-121', densenetMutations, recogniseDenseNet, densenetModelJson()],
  ['chester-ae', 'autoencoder', autoencoderMutations, recogniseAutoencoder, autoencoderModelJson()],
] as const) {
  test(`${name}: anything else is refused by the name of its node`, () => {
    tryAll(generated, randomWeights(generated, { seed: 1, inputSize: 1 }), recognise, mutations);
  });

  test(`${name}: so it is in the published topology`, async (context) => {
    const model = await upstreamModelJson(id);
    if (model === undefined) return context.skip('shared/upstream is not at hand');
    tryAll(model, randomWeights(model, { seed: 1, inputSize: 1 }), recognise, mutations);
    return undefined;
  });
}

test('weights are taken from where they act, not from names or their order', () => {
  const model = densenetModelJson();
  const weights = randomWeights(model, { seed: 2, inputSize: 1 });
  const expected = recogniseDenseNet(publishedGraph(model, weights));

  const shuffled = new Mutant(model);
  const renamed = new Map(shuffled.nodes.map(({ name }, index) => [name, `n${(index * 7919) % 100_003}`]));
  for (const node of shuffled.nodes) {
    node.name = renamed.get(node.name)!;
    node.input = node.input.map((name) => renamed.get(name)!);
    // Sums and products read the other way round.
    if ((node.op === 'Add' || node.op === 'Mul') && node !== shuffled.nth('Add', -1)) node.input.reverse();
  }
  shuffled.nodes.reverse();
  const specs = shuffled.model.weightsManifest[0]!.weights as unknown as { name: string }[];
  for (const spec of specs) spec.name = renamed.get(spec.name)!;
  specs.reverse();
  const values: PublishedWeights = new Map([...weights].map(([name, value]) => [renamed.get(name)!, value]));
  const found = recogniseDenseNet(publishedGraph(shuffled.model, values));
  assert.deepEqual({ ...found, nodes: undefined }, { ...expected, nodes: undefined });
});

test('other DenseNets are refused', () => {
  const refuse = (blocks: readonly number[], node: RegExp): void => {
    const model = densenetModelJson(blocks);
    const graph = publishedGraph(model, randomWeights(model, { seed: 1, inputSize: 1 }));
    assert.throws(() => recogniseDenseNet(graph), node);
  };
  // DenseNet-169 ends with 1,664 channels.
  refuse(
    [6, 12, 32, 32],
    /node MatMul_\d+ \(MatMul\): Const_\d+ should have the shape \[1024, any\], not \[1664, 18\]/,
  );
  // Other blocks that end with 1,024 channels too: the walk finds the block's start where it expects a layer.
  refuse([8, 11, 24, 16], /node Transpose_\d+ \(Transpose\): ConcatV2 should stand there/);
  refuse([6, 12, 24, 15], /node MatMul_\d+/);
});
