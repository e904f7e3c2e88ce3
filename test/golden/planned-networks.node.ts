import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadOnEngine, startEngine } from '../../src/inference/engine.ts';
import { parseGraph } from '../../src/inference/graph-definition.ts';
import { loadGraph } from '../../src/inference/graph-network.ts';
import { planGraph } from '../../src/inference/kernels/plan-graph.ts';
import { planLayout, winogradSide } from '../../src/inference/kernels/plan-layout.ts';
import { bytesOf, planMemory } from '../../src/inference/kernels/plan-memory.ts';
import type { PlannedOperation } from '../../src/inference/kernels/planned-operation.ts';
import { readWeights } from '../../src/inference/read-weights.ts';
import { engineMemory, runningKernels } from '../../src/inference/engine-modes.ts';
import { StockEngineMissing } from '../../src/inference/stock-engine.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import { compareRunners } from '../support/compare-runners.ts';
import {
  denseNet121,
  denseNetOutputs,
  randomDenseNet,
  RandomGraphWriter,
  type RandomGraph,
} from '../support/random-densenet.ts';

/** What the plan finds in a graph, and that it answers as tfjs's own kernels do, in Node on the plain build. */

/** Of the deviation of an output over the inputs. */
const tolerance = 1e-4;

function assertSame({ nodes, weights }: RandomGraph, outputs: readonly string[]): void {
  const ours = loadGraph(nodes, weights, outputs, runningKernels());
  const stock = loadGraph(nodes, weights, outputs, null);
  for (const [name, { largest, deviation }] of Object.entries(compareRunners(ours, stock, outputs))) {
    assert.ok(deviation > 0 && largest <= tolerance * deviation, `${name}: ${largest} of ${deviation}`);
  }
  ours.dispose();
  stock.dispose();
}

function operationsOf({ nodes, weights }: RandomGraph, outputs: readonly string[]): readonly PlannedOperation[] {
  const named = new Map(weights.map((weight) => [weight.name, weight]));
  return planLayout(planGraph(nodes, named, outputs), ['input'], outputs).operations;
}

function countKinds(operations: readonly PlannedOperation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The same graph under names that say nothing. */
function renamed({ nodes, weights, inputLength }: RandomGraph): RandomGraph {
  const names = new Map([...nodes.keys()].map((name, index) => [name, name === 'input' ? name : `n${index}`]));
  const nameOf = (name: string): string => names.get(name)!;
  return {
    nodes: new Map(
      [...nodes.values()].map((node) => [
        nameOf(node.name),
        { ...node, name: nameOf(node.name), inputs: node.inputs.map(nameOf) },
      ]),
    ),
    weights: weights.map((weight) => ({ ...weight, name: nameOf(weight.name) })),
    inputLength,
  };
}

before(async () => {
  const { kernels } = await startEngine('simd', nodeEnginePaths());
  assert.equal(kernels, 'plain');
});

describe('DenseNet-121', () => {
  const graph = randomDenseNet(denseNet121);

  test('is taken in whole: every norm in a convolution or an average, every concatenation in place', () => {
    const operations = operationsOf(graph, denseNetOutputs);
    const convolutions = operations.filter(({ kind }) => kind === 'convolution');
    // The stem, 58 layers of two, 3 transitions, the maps.
    assert.equal(convolutions.length, 1 + 58 * 2 + 3 + 1);
    assert.equal(convolutions.filter((one) => 'norm' in one).length, 58);
    assert.deepEqual(countKinds(operations), {
      convolution: convolutions.length,
      pad: 2,
      'max-pool': 1,
      'average-pool': 3 + 2,
      concat: 58,
      // The last norm is read twice; the bias of the logits.
      affine: 2,
    });
  });

  test('3×3 layers go by Winograd down to 14 × 14', () => {
    const named = new Map(graph.weights.map((weight) => [weight.name, weight]));
    const { operations, views } = planLayout(
      planGraph(graph.nodes, named, denseNetOutputs),
      ['input'],
      denseNetOutputs,
    );
    const found: Record<string, number> = {};
    for (const one of operations) {
      const side = one.kind === 'convolution' ? winogradSide(one, views) : undefined;
      if (side === undefined) continue;
      const name = `${views.get(one.output)!.shape.height} by ${side}`;
      found[name] = (found[name] ?? 0) + 1;
    }
    assert.deepEqual(found, { '56 by 4': 6, '28 by 4': 12, '14 by 2': 24 });
  });

  test('is recognised under any names', () => {
    const other = renamed(graph);
    const names = new Map([...graph.nodes.keys()].map((name, index) => [name, `n${index}`]));
    const outputs = denseNetOutputs.map((name) => names.get(name)!);
    assert.deepEqual(countKinds(operationsOf(other, outputs)), countKinds(operationsOf(graph, denseNetOutputs)));
  });

  test('has one buffer a block, and buffers that live at one time do not overlap', () => {
    const named = new Map(graph.weights.map((weight) => [weight.name, weight]));
    const { buffers } = planLayout(planGraph(graph.nodes, named, denseNetOutputs), ['input'], denseNetOutputs);
    const blocks = [
      [56, 256],
      [28, 512],
      [14, 1024],
    ] as const;
    for (const [side, channels] of blocks) {
      const own = buffers.filter(({ shape }) => shape.height === side && shape.channels === channels);
      assert.equal(own.length, 1, `${own.length} buffers of ${side} × ${side} × ${channels}`);
    }
    const { offsets, bytes } = planMemory(buffers);
    for (const [one, start] of offsets) {
      assert.ok(start + bytesOf(one) <= bytes);
      for (const [other, otherStart] of offsets) {
        const together = one.firstWrite <= other.lastRead && other.firstWrite <= one.lastRead;
        if (one === other || !together) continue;
        const apart = start + bytesOf(one) <= otherStart || otherStart + bytesOf(other) <= start;
        assert.ok(apart, 'two buffers overlap');
      }
    }
  });
});

describe('a planned network', () => {
  test('answers as tfjs’s kernels do, whatever the size of a DenseNet', () => {
    assertSame(randomDenseNet({ blocks: [2, 3, 2, 1], side: 64, outputs: 14 }), denseNetOutputs);
    assertSame(randomDenseNet({ blocks: [3, 2], side: 96, growth: 16, outputs: 1 }, 2), denseNetOutputs);
    // 12 channels a layer do not fill panels: those concatenations are tfjs's.
    assertSame(randomDenseNet({ blocks: [2, 2, 2], side: 64, growth: 12, outputs: 3 }, 3), denseNetOutputs);
  });

  test('goes back and forth between our kernels and tfjs’s', () => {
    const graph = new RandomGraphWriter(9);
    let node = graph.fusedConvolution(
      'first',
      [graph.input(12, 10, 1), graph.filter('first/filter', 3, 3, 1, 16), graph.bias('first/bias', 16)],
      'Relu6',
      { stride: 2 },
    );
    node = graph.add('sigmoid', 'Sigmoid', [node]);
    const wide = graph.convolution('second', node, graph.filter('second/filter', 1, 1, 16, 24));
    node = graph.add('resized', 'ResizeBilinear', [wide, graph.integers('size', [9, 11])]);
    node = graph.convolution('third', node, graph.filter('third/filter', 3, 3, 24, 8), { stride: 2, padding: 'VALID' });
    const both = graph.add('both', 'Mul', [node, node]);
    node = graph.add('sum', 'AddV2', [both, node]);
    graph.add('end', 'Mean', [node, graph.integers('axes', [1, 2])]);
    const made = graph.finish(120);
    const kinds = countKinds(operationsOf(made, ['end', 'sum', 'sigmoid']));
    assert.deepEqual(kinds, { convolution: 3, resize: 1, stock: 4 });
    assertSame(made, ['end', 'sum', 'sigmoid']);
  });

  test('goes up as a U-Net does: other sizes with what is added to them, and concatenated in place', () => {
    const graph = new RandomGraphWriter(12);
    const skip = graph.convolution('skip', graph.input(10, 14, 3), graph.filter('skip/filter', 3, 3, 3, 16));
    const down = graph.convolution('down', skip, graph.filter('down/filter', 3, 3, 16, 16), { stride: 2 });
    const up = (name: string, from: string, sampled: Readonly<Record<string, { b: true }>>, size = [10, 14]) =>
      graph.add(name, 'ResizeBilinear', [from, graph.integers(`${name}/size`, size)], sampled);
    const centers = up('centers', down, { half_pixel_centers: { b: true } });
    const corners = up('corners', down, { align_corners: { b: true } });
    const edges = up('edges', down, {});
    // On either side of the sum; and one that is read twice, so that it must be there by itself.
    const first = graph.add('first', 'AddV2', [centers, skip]);
    const second = graph.add('second', 'AddV2', [skip, corners]);
    const third = graph.add('third', 'AddV2', [edges, skip]);
    const joined = graph.add('joined', 'ConcatV2', [first, second, third, edges, graph.integers('axis', [3], [])]);
    const last = graph.convolution('last', joined, graph.filter('last/filter', 3, 3, 64, 16));
    up('smaller', last, { half_pixel_centers: { b: true } }, [4, 9]);
    const made = graph.finish(10 * 14 * 3);
    assert.deepEqual(countKinds(operationsOf(made, ['smaller'])), { convolution: 3, resize: 4, add: 1, concat: 1 });
    assertSame(made, ['smaller', 'first', 'second', 'third']);
  });

  test('leaves to tfjs’s kernels a size that two ways of counting pixels claim', () => {
    const graph = new RandomGraphWriter(13);
    const map = graph.convolution('map', graph.input(6, 6, 1), graph.filter('filter', 1, 1, 1, 8));
    const both = { align_corners: { b: true }, half_pixel_centers: { b: true } };
    graph.add('resized', 'ResizeBilinear', [map, graph.integers('size', [3, 3])], both);
    assert.deepEqual(countKinds(operationsOf(graph.finish(36), ['resized'])), { convolution: 1, stock: 1 });
  });

  test('joins residuals, activations, biases and pads of a graph written node by node', () => {
    const graph = new RandomGraphWriter(10);
    let node = graph.add('padded', 'Pad', [
      graph.input(9, 7, 3),
      graph.integers('around', [0, 0, 2, 1, 0, 3, 0, 0], [4, 2]),
    ]);
    const first = graph.convolution('first', node, graph.filter('first/filter', 3, 3, 3, 12), { padding: 'VALID' });
    const biased = graph.add('biased', 'BiasAdd', [first, graph.bias('bias', 12)]);
    const active = graph.add('active', 'Relu', [biased]);
    const second = graph.convolution('second', active, graph.filter('second/filter', 3, 3, 12, 12));
    node = graph.add('residual', 'AddV2', [active, second]);
    node = graph.fusedConvolution(
      'depthwise',
      [
        node,
        graph.floats('depthwise/filter', [3, 3, 12, 1], ({ normal }) => normal()),
        graph.bias('depthwise/bias', 12),
      ],
      'Relu6',
      { op: 'FusedDepthwiseConv2dNative', stride: 2 },
    );
    node = graph.add('same', 'Identity', [node]);
    graph.pool('pooled', 'MaxPool', node, 2, 1);
    const made = graph.finish(9 * 7 * 3);
    assert.deepEqual(countKinds(operationsOf(made, ['pooled'])), {
      pad: 2,
      convolution: 2,
      affine: 2,
      depthwise: 1,
      'max-pool': 1,
    });
    assertSame(made, ['pooled', 'same']);
  });

  test('gives back all that it took', () => {
    const { nodes, weights, inputLength } = randomDenseNet({ blocks: [2, 2, 2], side: 64, growth: 12 });
    const input = new Float32Array(inputLength);
    const once = (): void => {
      const network = loadGraph(nodes, weights, denseNetOutputs, runningKernels());
      network.run(input, denseNetOutputs);
      network.dispose();
    };
    once();
    const before = engineMemory();
    // Ten times its memory would make the heap grow.
    for (let time = 0; time < 30; time += 1) once();
    assert.deepEqual(engineMemory(), before);
  });

  test('answers only what it was loaded for', () => {
    const { nodes, weights, inputLength } = randomDenseNet({ blocks: [1], side: 32 });
    const network = loadGraph(nodes, weights, ['logits'], runningKernels());
    assert.throws(
      () => network.run(new Float32Array(inputLength), ['stem']),
      (thrown) => thrown instanceof AppError && thrown.code === 'pack-invalid',
    );
    network.dispose();
  });
});

describe('without tfjs', () => {
  before(() => startEngine('simd', { ...nodeEnginePaths(), stockAtOnce: false }));
  after(() => startEngine('simd', nodeEnginePaths()));

  test('a network that is wholly ours runs', () => {
    const { nodes, weights, inputLength } = randomDenseNet({ blocks: [1], side: 32 });
    const network = loadGraph(nodes, weights, denseNetOutputs, runningKernels());
    const { logits } = network.run(new Float32Array(inputLength), ['logits']);
    assert.ok(logits!.values.every(Number.isFinite));
    assert.equal(engineMemory().tensors, 0);
    network.dispose();
  });

  test('one that needs it waits for it', async () => {
    // 12 channels a layer do not fill panels: those concatenations are tfjs's.
    const { nodes, weights, inputLength } = randomDenseNet({ blocks: [2], side: 32, growth: 12 });
    const load = () => loadGraph(nodes, weights, denseNetOutputs, runningKernels());
    const before = engineMemory();
    assert.throws(load, StockEngineMissing);
    assert.deepEqual(engineMemory(), before, 'something is left of the attempt');
    const network = await loadOnEngine(load);
    const { logits } = network.run(new Float32Array(inputLength), ['logits']);
    assert.ok(logits!.values.every(Number.isFinite));
    network.dispose();
    // Once it runs, it runs.
    load().dispose();
  });

  test('other failures of a network stay what they are', async () => {
    const refused = new AppError('pack-invalid', { reason: 'a test' });
    const load = () => {
      throw refused;
    };
    await assert.rejects(loadOnEngine(load), refused);
  });
});

test('kernels that cannot be had leave the work to tfjs’s', async () => {
  const failing = { ...nodeEnginePaths(), loadKernels: () => Promise.reject(new Error('not there')) };
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const wrong = { ...nodeEnginePaths(), loadKernels: () => WebAssembly.compile(empty) };
  for (const paths of [failing, wrong]) {
    assert.deepEqual(await startEngine('simd', paths), { mode: 'simd', threads: 1, kernels: 'stock' });
    assert.equal(runningKernels(), undefined);
  }
  await startEngine('simd', nodeEnginePaths());
  assert.equal(runningKernels()?.flavour, 'plain');
});

/** The plan of a pack that comes with the app. */
async function operationsOfPack(id: string): Promise<readonly PlannedOperation[]> {
  const path = fileURLToPath(new URL(`../../models/${id}/`, import.meta.url));
  const nodes = parseGraph(Uint8Array.from(await readFile(`${path}model.json`)).buffer);
  const pack = JSON.parse(await readFile(`${path}pack.json`, 'utf8')) as {
    weights: PackManifest['weights'];
    outputs: Record<string, string>;
  };
  const shards = new Map<string, ArrayBuffer>();
  for (const shard of pack.weights.shards) {
    shards.set(shard, Uint8Array.from(await readFile(`${path}${shard}`)).buffer);
  }
  const weights = [...readWeights(pack.weights, (shard) => shards.get(shard)!)];
  return operationsOf({ nodes, weights, inputLength: 0 }, Object.values(pack.outputs));
}

function residualsOf(operations: readonly PlannedOperation[]): number {
  return operations.filter(({ kind, inputs }) => kind === 'convolution' && inputs.length === 2).length;
}

describe('the packs that come with the app are wholly ours', () => {
  test('findings: a MobileNetV2 with maps of three depths', async () => {
    const operations = await operationsOfPack('pocket');
    // Stem, 16 expansions, 17 projections, last, three maps; ten residuals inside the projections, one map inside another, one inside the enlarged.
    assert.deepEqual(countKinds(operations), {
      convolution: 38,
      depthwise: 17,
      'average-pool': 3,
      add: 1,
      affine: 1,
      resize: 1,
    });
    assert.equal(residualsOf(operations), 11);
  });

  test('gate: a smaller one', async () => {
    const operations = await operationsOfPack('gate');
    assert.deepEqual(countKinds(operations), { convolution: 23, depthwise: 11, 'average-pool': 1 });
    assert.equal(residualsOf(operations), 6);
  });

  test('lungs: a U-Net, each step up in one with the map that is added to it', async () => {
    const operations = await operationsOfPack('lungs');
    assert.deepEqual(countKinds(operations), { convolution: 19, add: 4, resize: 4 });
    assert.ok(operations.every(({ kind, inputs }) => kind !== 'resize' || inputs.length === 2));
  });
});
