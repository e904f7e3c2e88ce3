import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEngine } from '../../src/inference/engine.ts';
import { loadGraphNetwork } from '../../src/inference/graph-network.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import type { DenseNet121Weights } from '../../tools/pack/densenet/densenet-121.ts';
import { buildDenseNetGraph } from '../../tools/pack/densenet/densenet-graph.ts';
import { densenetFromState } from '../../tools/pack/torch/densenet-state.ts';
import { readTorchFile } from '../../tools/pack/torch/read-torch-file.ts';
import { encodeNetwork, graphContents } from '../../tools/pack/write-pack.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import {
  inputSize,
  legacyDensenet,
  readDensenetFixture,
  safetensorsDensenet,
  seededInput,
  zipDensenet,
} from './torch/seeded-densenet.ts';

/**
 * A DenseNet-121 in every form in which PyTorch saves it. Pickles and logits are PyTorch's own (torch/make_fixtures.py),
 * the numbers come from the generator that is written in both languages.
 */

/** Of the logits' standard deviation over the inputs. */
const logitTolerance = 1e-4;

const fixture = await readDensenetFixture();

describe('a DenseNet-121 of PyTorch', { concurrency: 1 }, () => {
  let folder: string;
  let fromModule: DenseNet121Weights;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-torch-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function read(name: string, bytes: Uint8Array) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const file = await readTorchFile(path);
    assert.equal(file.sha256, await sha256Hex(Uint8Array.from(bytes)));
    return file;
  }

  test('as a whole module in the legacy layout says what it is', async () => {
    const file = await read('module.pt', await legacyDensenet(fixture, 'module'));
    assert.equal(file.kind, 'legacy-module');
    assert.equal(file.className, 'torchxrayvision.models.DenseNet');
    assert.deepEqual(file.labels, fixture.labels);
    assert.deepEqual(
      file.thresholds,
      fixture.labels.map((label) => (label === '' ? NaN : 0.5)),
    );
    assert.deepEqual(
      [...file.tensors].map(([name, { shape }]) => [name, shape]),
      fixture.tensors,
    );
    fromModule = densenetFromState(file.tensors);
  });

  test('gives the same weights as state_dict in both layouts and as safetensors', async () => {
    for (const [kind, bytes] of [
      ['legacy-state', await legacyDensenet(fixture, 'state')],
      ['zip-state', await zipDensenet(fixture)],
      ['safetensors', await safetensorsDensenet(fixture)],
    ] as const) {
      const file = await read(`${kind}.pt`, bytes);
      assert.equal(file.kind, kind);
      assert.equal(file.className, undefined);
      assert.deepEqual(densenetFromState(file.tensors), fromModule, kind);
    }
  });

  test("answers with PyTorch's own logits", async (context) => {
    await startEngine('simd', nodeEnginePaths());
    const inputs = fixture.logits.length;
    const { writer, outputs } = buildDenseNetGraph(fromModule, inputSize);
    const network = loadGraphNetwork(graphContents(encodeNetwork(writer, 'float32')));
    const answer = (input: Float32Array) => network.run(input, [outputs.logits])[outputs.logits]!.values;
    const found = fixture.logits.map((_, index) => answer(seededInput(index, inputs)));
    network.dispose();
    let worst = 0;
    fixture.labels.forEach((_, output) => {
      const expected = fixture.logits.map((logits) => logits[output]!);
      const deviation = standardDeviation(expected);
      assert.ok(deviation >= 1 && deviation <= 3, `output ${output} says too little: ${deviation}`);
      expected.forEach((logit, index) => {
        worst = Math.max(worst, Math.abs(found[index]![output]! - logit) / deviation);
      });
    });
    context.diagnostic(`largest difference: ${worst.toExponential(2)} standard deviations`);
    assert.ok(worst <= logitTolerance, `${worst} standard deviations`);
  });
});

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
