import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import '@tensorflow/tfjs-backend-cpu';
import { grad, io, mul, setBackend, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { startEngine } from '../../src/inference/engine.ts';
import { parseGraph } from '../../src/inference/graph-definition.ts';
import { loadGradientNetwork, type InputGradient } from '../../src/inference/kernels/gradient-network.ts';
import { goldenInput, readGolden } from '../../src/inference/prove-pack.ts';
import { readWeights, type WeightValues } from '../../src/inference/read-weights.ts';
import { runningKernels } from '../../src/inference/engine-modes.ts';
import { loadFindingsPack } from '../../tools/read/load-pack-folder.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import { finishRun } from '../support/finish-run.ts';
import { randomDenseNet } from '../support/random-densenet.ts';
import { randomNumbers } from '../support/random-numbers.ts';

// Only the browser's build of tfjs registers its gradients, in files that Node takes for CommonJS; their registry is global.
createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients.js');

/** Input gradients of whole networks against tfjs's own automatic differentiation, in plain JavaScript. */

/** Of the largest number of the gradient. */
const tolerance = 1e-5;
/**
 * A unit whose input is 0 but for rounding is on in one engine and off in the other, and then all pixels that it sees differ:
 * of the pocket network’s six million some are to be expected, and one that flips early is seen by many pixels. This share of
 * the pixels may differ by more than the tolerance, and the whole gradient by so much of its norm.
 */
const maxShareBeyond = 0.3;
const maxRelativeNorm = 0.01;

interface Network {
  readonly topology: object;
  readonly weights: readonly WeightValues[];
  /** [1, height, width, channels] */
  readonly shape: readonly [number, number, number, number];
  readonly output: string;
}

async function byTfjs({ topology, weights, shape, output }: Network, input: Float32Array, index: number) {
  await setBackend('cpu');
  const weightSpecs = weights.map(({ name, type, shape: size }) => ({ name, dtype: type, shape: [...size] }));
  const weightData = await new Blob(weights.map(({ values }) => values)).arrayBuffer();
  const model = await loadGraphModel(io.fromMemory({ modelTopology: topology, weightSpecs, weightData }));
  const answer = (x: Tensor): Tensor => model.execute(x, output) as Tensor;
  const values = tensor(input, [...shape]);
  let answers = new Float32Array();
  const gradient = tidy(() => {
    const chosen = (x: Tensor): Tensor => {
      const outputs = answer(x);
      answers = Float32Array.from(outputs.dataSync<'float32'>());
      const one = Float32Array.from({ length: outputs.size }, (_, at) => Number(at === index));
      return sum(mul(outputs, tensor(one, outputs.shape)));
    };
    return grad(chosen)(values).dataSync<'float32'>();
  });
  model.dispose();
  values.dispose();
  return { output: answers, gradient };
}

async function byKernels({ topology, weights, shape, output }: Network, input: Float32Array, index: number) {
  await startEngine('simd', nodeEnginePaths());
  const nodes = parseGraph(new TextEncoder().encode(JSON.stringify({ modelTopology: topology })).buffer);
  const network = loadGradientNetwork(nodes, { name: 'input', shape }, weights, output, runningKernels()!);
  assert.ok(network, 'the way back is not known');
  const found = finishRun(network.run(input, index));
  network.dispose();
  return found;
}

interface Difference {
  /** Of the largest number of the gradient. */
  readonly farthest: number;
  readonly shareBeyond: number;
  readonly relativeNorm: number;
}

function compare(ours: InputGradient, theirs: InputGradient): Difference {
  assert.equal(ours.gradient.length, theirs.gradient.length);
  ours.output.forEach((value, at) => assert.ok(Math.abs(value - theirs.output[at]!) <= tolerance * 10, `output ${at}`));
  const differences = ours.gradient.map((value, at) => value - theirs.gradient[at]!);
  const largestOf = (values: Float32Array): number =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const largest = largestOf(theirs.gradient);
  assert.ok(largest > 0, 'tfjs finds no gradient');
  const beyond = differences.filter((value) => !(Math.abs(value) <= tolerance * largest));
  return {
    farthest: largestOf(differences) / largest,
    shareBeyond: beyond.length / differences.length,
    relativeNorm: Math.hypot(...differences) / Math.hypot(...theirs.gradient),
  };
}

before(() => startEngine('simd', nodeEnginePaths()));

describe('the input gradient is tfjs’s own', () => {
  test('of a DenseNet', async (t) => {
    const side = 64;
    const { topology, weights } = randomDenseNet({ blocks: [2, 3, 2, 1], side, outputs: 14 });
    const network: Network = { topology: topology!, weights, shape: [1, side, side, 1], output: 'logits' };
    const input = randomNumbers(4).floats(side * side);
    const found = compare(await byKernels(network, input, 5), await byTfjs(network, input, 5));
    t.diagnostic(JSON.stringify(found));
    assert.ok(found.farthest <= tolerance, `${found.farthest} of the largest`);
  });

  test('of the embedded pack', async (t) => {
    const pack = await loadFindingsPack(fileURLToPath(new URL('../../models', import.meta.url)));
    const { manifest, files } = pack;
    const bytes = (path: string): ArrayBuffer => files.get(path)!;
    const weights = [...readWeights(manifest.weights, bytes)];
    const { modelTopology } = JSON.parse(new TextDecoder().decode(bytes('model.json'))) as { modelTopology: object };
    const { width, height } = manifest.input;
    const { logits } = manifest.outputs;
    const network: Network = { topology: modelTopology, weights, shape: [1, height, width, 1], output: logits };
    const xray = readGolden(pack).inputs.find(({ name }) => name === 'synthetic-xray')!;
    const input = goldenInput(xray, pack);
    const found = compare(await byKernels(network, input, 3), await byTfjs(network, input, 3));
    t.diagnostic(JSON.stringify(found));
    assert.ok(found.shareBeyond <= maxShareBeyond, `${found.shareBeyond} of the pixels differ`);
    assert.ok(found.relativeNorm <= maxRelativeNorm, `${found.relativeNorm} of the norm differs`);
  });
});

test('what our kernels do not know the way back through has no gradient', () => {
  // 12 channels a layer do not fill panels: those concatenations are tfjs's.
  const { nodes, weights } = randomDenseNet({ blocks: [2, 2], side: 64, growth: 12 });
  const input = { name: 'input', shape: [1, 64, 64, 1] };
  assert.equal(loadGradientNetwork(nodes, input, weights, 'logits', runningKernels()!), undefined);
});
