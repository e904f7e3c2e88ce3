import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { engineMemory, startEngine } from '../../src/inference/engine.ts';
import { loadGraphNetwork, type GraphNetwork } from '../../src/inference/graph-network.ts';
import { buildDenseNetGraph } from '../../tools/pack/densenet/densenet-graph.ts';
import { compareWithPublished } from '../../tools/pack/published/compare-with-published.ts';
import { comparisonInputs } from '../../tools/pack/published/comparison-inputs.ts';
import { readGraphModel, type PublishedGraph } from '../../tools/pack/published/graph-model.ts';
import { obtainPublished } from '../../tools/pack/published/obtain-published.ts';
import { publishedModel } from '../../tools/pack/published/published-models.ts';
import { recogniseDenseNet, type RecognisedDenseNet } from '../../tools/pack/published/recognise-densenet.ts';
import { loadAsPublished, startPublishedEngine } from '../../tools/pack/published/run-as-published.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import { encodeNetwork, graphContents } from '../../tools/pack/write-pack.ts';
import { densenetModelJson, type PublishedModelJson } from '../support/published-style.ts';
import { logitSpread, writeRandomDenseNet } from '../support/random-published.ts';
import { upstreamModelJson } from '../support/upstream.ts';

/**
 * The published graph, run as it is, against ours: seeded random weights, because the real ones may not be redistributed,
 * with logits of a standard deviation of 2 over the inputs, because saturated networks agree whatever they compute.
 */

const id = 'chester-v3';
const size = 224;
const targets = { logit: 1e-4, probability: 2e-5 };
/** What a shortened network may weigh and differ by. int8 is rounded plainly: random weights, which amplify, show the worst of it. */
const smallBytes = {
  float16: { megabytes: 14.0, probability: 2e-3 },
  int8: { megabytes: 7.1, probability: 0.06 },
} as const;
/** In logit, between engines (the project's own bound is 1e-2). */
const engineTolerance = 1e-3;
/** Mean of a map plus bias against the logit. */
const mapTolerance = 1e-3;

const published = publishedModel(id);
assert.ok(published.kind === 'densenet-121');
const { range } = published.input;

const scratch = await mkdtemp(join(tmpdir(), 'published-densenet-'));
after(() => rm(scratch, { recursive: true, force: true }));

const topologies: readonly (readonly [string, PublishedModelJson | undefined])[] = [
  ['a topology of the published kind', densenetModelJson()],
  ['the published topology', await upstreamModelJson(id)],
];

for (const [name, model] of topologies) {
  describe(name, { skip: model === undefined ? 'shared/upstream is not at hand' : false }, () => {
    const folder = join(scratch, name.replaceAll(' ', '-'));
    let graph: PublishedGraph;
    let found: RecognisedDenseNet;
    let ours: GraphNetwork;

    before(async () => {
      await startPublishedEngine();
      await writeRandomDenseNet(folder, model!);
      await obtainPublished(id, { from: folder, unverified: true });
      graph = await readGraphModel(folder);
      found = recogniseDenseNet(graph);
      ours = loadGraphNetwork(graphContents(encodeNetwork(buildDenseNetGraph(found, size).writer, 'float32')));
    });
    after(() => ours.dispose());

    test('answers as the published graph does', async (context) => {
      const { inputs, logit, probability, worstInput, spread } = await compareWithPublished({
        graph,
        nodes: found.nodes,
        range,
        ours: (input) => ours.run(input, ['logits'])['logits']!.values,
      });
      context.diagnostic(
        `${inputs} inputs: at most ${logit.toExponential(1)} in logit (${worstInput}), ${probability.toExponential(1)} in probability`,
      );
      assert.equal(inputs, 16);
      assert.ok(Math.abs(spread - logitSpread) < 0.01, `the logits' standard deviation is ${spread}`);
      assert.ok(logit <= targets.logit, `${logit} in logit`);
      assert.ok(probability <= targets.probability, `${probability} in probability`);
    });

    for (const precision of ['float16', 'int8'] as const) {
      test(`as ${precision} it is small and says what that costs`, async (context) => {
        const encoded = encodeNetwork(buildDenseNetGraph(found, size).writer, precision);
        const network = loadGraphNetwork(graphContents(encoded));
        const { logit, probability } = await compareWithPublished({
          graph,
          nodes: found.nodes,
          range,
          ours: (input) => network.run(input, ['logits'])['logits']!.values,
        });
        network.dispose();
        const shards = encoded.weights.shards.map((path) => encoded.files.get(path)!.byteLength);
        const megabytes = shards.reduce((sum, bytes) => sum + bytes, 0) / 1e6;
        context.diagnostic(
          `${precision}: ${megabytes.toFixed(2)} MB, at most ${logit.toFixed(4)} in logit, ${probability.toFixed(4)} in probability`,
        );
        assert.ok(megabytes <= smallBytes[precision].megabytes, `${megabytes} MB`);
        assert.ok(probability <= smallBytes[precision].probability, `${probability} in probability`);
      });
    }

    test('a network that differs by a little is told', async () => {
      const inputs = comparisonInputs(size, size, range).slice(0, 1);
      const compare = (ours: (input: Float32Array) => Float32Array) =>
        compareWithPublished({ graph, nodes: found.nodes, range, inputs, ours });
      const logits = (input: Float32Array): Float32Array => ours.run(input, ['logits'])['logits']!.values;
      const off = await compare((input) => logits(input).map((logit, output) => (output === 7 ? logit + 1e-3 : logit)));
      assert.ok(Math.abs(off.logit - 1e-3) < targets.logit);
      const broken = await compare((input) => logits(input).fill(NaN, 3, 4));
      assert.ok(Number.isNaN(broken.logit) && Number.isNaN(broken.probability));
      await assert.rejects(
        compare((input) => logits(input).subarray(1)),
        /answers 17 numbers, the published one 18/,
      );
    });

    test('a run leaves no tensor behind', async () => {
      const before = engineMemory().tensors;
      const network = await loadAsPublished(graph);
      const loaded = engineMemory().tensors;
      network.run(new Float32Array(size * size), [found.nodes.logits, found.nodes.probabilities]);
      assert.equal(engineMemory().tensors, loaded);
      network.dispose();
      assert.equal(engineMemory().tensors, before);
    });

    test('the mean of each map plus bias is the logit, and so is what the classifier makes of the features', () => {
      const [input] = comparisonInputs(size, size, range).slice(-1);
      const { logits, maps, features } = ours.run(input!.values, ['logits', 'maps', 'features']);
      const { weight, bias } = found.classifier;
      assert.deepEqual(maps!.shape, [1, 7, 7, 18]);
      assert.deepEqual(features!.shape, [1, 1, 1, 1024]);
      logits!.values.forEach((logit, output) => {
        const map = maps!.values.filter((_, index) => index % bias.length === output);
        const mean = map.reduce((total, value) => total + value, 0) / map.length;
        assert.ok(Math.abs(mean + bias[output]! - logit) <= mapTolerance);
        const linear = features!.values.reduce(
          (total, value, index) => total + value * weight.data[index * bias.length + output]!,
          bias[output]!,
        );
        assert.ok(Math.abs(linear - logit) <= mapTolerance);
      });
    });
  });
}

describe('a graph for another size', () => {
  const side = 64;
  let weights: RecognisedDenseNet;

  before(async () => {
    weights = recogniseDenseNet(await readGraphModel(join(scratch, 'a-topology-of-the-published-kind')));
  });

  test('answers the same on SIMD, plain WASM and JavaScript', async () => {
    const pack = graphContents(encodeNetwork(buildDenseNetGraph(weights, side).writer, 'float32'));
    const [input] = comparisonInputs(side, side, range);
    const answers: Float32Array[] = [];
    for (const mode of ['simd', 'wasm', 'js'] as const) {
      await startEngine(mode, nodeEnginePaths());
      const network = loadGraphNetwork(pack);
      const { logits, maps } = network.run(input!.values, ['logits', 'maps']);
      network.dispose();
      assert.deepEqual(maps!.shape, [1, 2, 2, 18]);
      answers.push(logits!.values);
    }
    const [simd, ...others] = answers;
    for (const other of others) {
      other.forEach((logit, output) => assert.ok(Math.abs(logit - simd![output]!) <= engineTolerance));
    }
  });

  test('is refused where the side is no multiple of 32', () => {
    for (const wrong of [225, 0, -32, 48.5]) assert.throws(() => buildDenseNetGraph(weights, wrong), /multiple of 32/);
  });
});
