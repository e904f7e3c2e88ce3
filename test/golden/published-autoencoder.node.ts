import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadGraphNetwork, type GraphNetwork } from '../../src/inference/graph-network.ts';
import { buildAutoencoderGraph } from '../../tools/pack/published/autoencoder-graph.ts';
import { compareReconstructions } from '../../tools/pack/published/compare-with-published.ts';
import { comparisonInputs } from '../../tools/pack/published/comparison-inputs.ts';
import { readGraphModel, type PublishedGraph } from '../../tools/pack/published/graph-model.ts';
import { obtainPublished } from '../../tools/pack/published/obtain-published.ts';
import { publishedModel } from '../../tools/pack/published/published-models.ts';
import { recogniseAutoencoder, type RecognisedAutoencoder } from '../../tools/pack/published/recognise-autoencoder.ts';
import { startPublishedEngine } from '../../tools/pack/published/run-as-published.ts';
import { encodeNetwork, graphContents } from '../../tools/pack/write-pack.ts';
import { autoencoderModelJson, type PublishedModelJson } from '../support/published-style.ts';
import { writeRandomAutoencoder } from '../support/random-published.ts';
import { upstreamModelJson } from '../support/upstream.ts';

/** As published-densenet.node.ts: seeded random weights, and a last layer scaled so that the hyperbolic tangent is not saturated. */

const id = 'chester-ae';
/** Of the standard deviation of the reconstructed pixels. */
const relativeTarget = 1e-4;

const published = publishedModel(id);
const { width, height, range } = published.input;

const scratch = await mkdtemp(join(tmpdir(), 'published-autoencoder-'));
after(() => rm(scratch, { recursive: true, force: true }));

const topologies: readonly (readonly [string, PublishedModelJson | undefined])[] = [
  ['a topology of the published kind', autoencoderModelJson()],
  ['the published topology', await upstreamModelJson(id)],
];

for (const [name, model] of topologies) {
  describe(name, { skip: model === undefined ? 'shared/upstream is not at hand' : false }, () => {
    const folder = join(scratch, name.replaceAll(' ', '-'));
    let graph: PublishedGraph;
    let found: RecognisedAutoencoder;
    let ours: GraphNetwork;

    before(async () => {
      await startPublishedEngine();
      await writeRandomAutoencoder(folder, model!);
      await obtainPublished(id, { from: folder, unverified: true });
      graph = await readGraphModel(folder);
      found = recogniseAutoencoder(graph);
      ours = loadGraphNetwork(graphContents(encodeNetwork(buildAutoencoderGraph(found).writer, 'float32')));
    });
    after(() => ours.dispose());

    test('reconstructs as the published graph does', async (context) => {
      const { inputs, absolute, relative, worstInput } = await compareReconstructions({
        graph,
        nodes: found.nodes,
        range,
        ours: (input) => ours.run(input, ['reconstruction'])['reconstruction']!.values,
      });
      context.diagnostic(
        `${inputs} inputs: at most ${absolute.toExponential(1)} a pixel (${worstInput}), ${relative.toExponential(1)} of their standard deviation`,
      );
      assert.equal(inputs, 16);
      assert.ok(relative <= relativeTarget, `${relative}`);
    });

    test('its code tells one picture from another', () => {
      const codes = comparisonInputs(width, height, range).map(({ values }) => ours.run(values, ['code'])['code']!);
      assert.deepEqual(codes[0]!.shape, [1, 1, 1, 512]);
      const different = new Set(codes.map(({ values }) => values.join()));
      assert.equal(different.size, codes.length);
    });
  });
}
