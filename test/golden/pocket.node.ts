import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { sigmoid } from '../../src/inference/calibrated-probability.ts';
import { engineMemory, startEngine } from '../../src/inference/engine.ts';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { goldenInput, provePack, readGolden } from '../../src/inference/prove-pack.ts';
import { readImage } from '../../src/inference/read-image.ts';
import { readWeights } from '../../src/inference/read-weights.ts';
import type { GrayImage } from '../../src/shared/analysis.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { maxShardBytes } from '../../src/shared/limits.ts';
import type { EngineMode } from '../../src/shared/messages.ts';
import type { FindingsManifest, PackContents } from '../../src/shared/pack.ts';
import { packSchema } from '../../src/storage/pack-schema.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { loadFindingsPack } from '../../tools/read/load-pack-folder.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import { probeImage } from '../fixtures/probe-image.ts';

/** The embedded pack, as it lies in the repository, in Node. */

const models = fileURLToPath(new URL('../../models', import.meta.url));
/** DESIGN §4: int8 against its source, and any engine against plain SIMD. */
const sourceTolerance = { logit: 0.15, probability: 0.005 };
const packTolerance = { logit: 0.01, probability: 0.001 };
const mapTolerance = 1e-3;
/** DESIGN §6. */
const maxEmbeddedBytes = 7e6;
/** Pixels of the input a place of a map is wide: that of the earlier maps which the head sees. */
const mapStride = 16;

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

describe('the embedded pack', () => {
  let pack: PackContents<FindingsManifest>;
  before(async () => {
    // Checks schema and every hash, the catalog's too.
    pack = await loadFindingsPack(models);
    await startEngine('simd', nodeEnginePaths());
  });

  test('is small, complete and described by the schema beside it', async () => {
    assert.deepEqual(await readJson(join(models, 'pack.schema.json')), packSchema);
    const sizes = pack.manifest.files.map(({ bytes }) => bytes);
    assert.ok(Math.max(...sizes) <= maxShardBytes, 'a file is larger than a shard may be');
    assert.ok(sizes.reduce((sum, bytes) => sum + bytes, 0) <= maxEmbeddedBytes, 'the pack is over its budget');
    assert.equal(pack.manifest.calibrated, true);
    assert.ok(pack.files.has('MODEL_CARD.md'), 'no model card');
  });

  test('answers as the original network did, within what int8 costs', () => {
    const { inputs } = readGolden(pack);
    assert.deepEqual(
      inputs.map(({ name }) => name),
      ['ramp', 'rings', 'ellipses', 'synthetic-xray'],
    );
    const network = loadFindingsNetwork(pack);
    for (const input of inputs) {
      const { logits } = network.run(goldenInput(input, pack));
      assert.equal(input.source.length, logits.length);
      input.source.forEach((source, finding) => {
        const found = logits[finding]!;
        assert.ok(
          Math.abs(found - source) <= sourceTolerance.logit,
          `${input.name} ${finding}: ${found} for ${source}`,
        );
        assert.ok(
          Math.abs(sigmoid(found) - sigmoid(source)) <= sourceTolerance.probability,
          `${input.name} ${finding}`,
        );
      });
    }
    network.dispose();
  });

  for (const mode of ['simd', 'wasm', 'js'] satisfies EngineMode[]) {
    test(`keeps its known answers on ${mode} and leaves no tensor behind`, async () => {
      assert.deepEqual(await startEngine(mode, nodeEnginePaths()), {
        mode,
        threads: 1,
        kernels: mode === 'simd' ? 'plain' : 'stock',
      });
      assert.equal(engineMemory().tensors, 0);
      const network = loadFindingsNetwork(pack);
      const loaded = engineMemory().tensors;
      const proof = provePack(network, pack, mode);
      assert.ok(proof.passed, JSON.stringify(proof));
      assert.ok(proof.worstLogit <= packTolerance.logit, `${proof.worstLogit} in logit`);
      assert.ok(proof.worstProbability <= packTolerance.probability, `${proof.worstProbability} in probability`);
      assert.equal(engineMemory().tensors, loaded);
      network.dispose();
      assert.equal(engineMemory().tensors, 0);
    });
  }

  test('a wrong weight is found by its known answers', async () => {
    await startEngine('simd', nodeEnginePaths());
    const [shard = ''] = pack.manifest.weights.shards;
    const damaged = new Uint8Array(pack.files.get(shard)!.slice(0));
    // The exponents of the first layer's first weights.
    for (let index = 1; index < 64; index += 2) damaged[index] = damaged[index]! ^ 0x04;
    const contents = { ...pack, files: new Map([...pack.files, [shard, damaged.buffer]]) };
    const network = loadFindingsNetwork(contents);
    const proof = provePack(network, contents, 'simd');
    assert.equal(proof.passed, false);
    assert.ok(proof.worstLogit > packTolerance.logit, JSON.stringify(proof));
    network.dispose();
  });

  test('a network that answers no number is told, not shown', () => {
    const network = loadFindingsNetwork(pack);
    const { width, height } = pack.manifest.input;
    const tensors = engineMemory().tensors;
    assert.throws(
      () => network.run(new Float32Array(width * height).fill(NaN)),
      (thrown) => thrown instanceof AppError && thrown.code === 'wrong-output',
    );
    assert.throws(
      () => network.run(new Float32Array(7)),
      (thrown) => thrown instanceof AppError && thrown.code === 'wrong-output',
    );
    assert.equal(engineMemory().tensors, tensors);
    network.dispose();
  });

  test('the mean of a map plus the bias is the logit', () => {
    const network = loadFindingsNetwork(pack);
    const { findings } = pack.manifest;
    for (const input of readGolden(pack).inputs) {
      const { logits, maps } = network.run(goldenInput(input, pack));
      const side = pack.manifest.input.width / mapStride;
      assert.deepEqual([maps.width, maps.height], [side, side]);
      findings.forEach(({ id, bias }, finding) => {
        let sum = 0;
        for (let place = finding; place < maps.values.length; place += findings.length) sum += maps.values[place]!;
        const mean = sum / (maps.width * maps.height);
        assert.ok(Math.abs(mean + bias - logits[finding]!) <= mapTolerance, `${input.name} ${id}`);
      });
    }
    network.dispose();
  });

  test('is a tfjs GraphModel: the stock loader gets the same answers', async () => {
    const { manifest, files } = pack;
    const topology = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as { modelTopology: object };
    // As float32: the stock loader knows no scale a channel. That reading them is right is weights.node.ts's to show.
    const weights = [...readWeights(manifest.weights, (path) => files.get(path)!)];
    const model = await loadGraphModel(
      io.fromMemory({
        modelTopology: topology.modelTopology,
        weightData: Uint8Array.from(
          Buffer.concat(
            weights.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
          ),
        ).buffer,
        weightSpecs: weights.map(({ name, shape, type }) => ({ name, shape: [...shape], dtype: type })),
      }),
    );
    const network = loadFindingsNetwork(pack);
    const { width, height } = manifest.input;
    for (const input of readGolden(pack).inputs) {
      const values = goldenInput(input, pack);
      const x = tensor(values, [1, height, width, 1]);
      const logits = model.execute({ input: x }, manifest.outputs.logits) as Tensor;
      const expected = logits.dataSync<'float32'>();
      network.run(values).logits.forEach((value, finding) => {
        assert.ok(Math.abs(value - expected[finding]!) < 1e-5, `${input.name}: ${value} for ${expected[finding]}`);
      });
      x.dispose();
      logits.dispose();
    }
    model.dispose();
    network.dispose();
  });

  test('the four synthetic examples pass the gate; the effusion is found where fluid was drawn', async () => {
    const network = loadFindingsNetwork(pack);
    const examples = fileURLToPath(new URL('../fixtures/examples', import.meta.url));
    const open = async (name: string): Promise<GrayImage> =>
      decodePicture(await readPictureFile(join(examples, `demo_${name}.png`)), createNodeCodecs());
    for (const name of ['normal', 'cardiomegaly', 'effusion', 'nodule']) {
      const image = await open(name);
      const stages: string[] = [];
      const reading = await readImage(image, { findings: network }, {}, (stage) => void stages.push(stage));
      assert.deepEqual(stages, ['gate', 'findings', 'maps']);
      assert.deepEqual([name, reading.gate.verdict], [name, 'pass']);
      assert.equal(reading.features, undefined);
      assert.deepEqual(reading.field, { x: 0, y: 0, width: 512, height: 512 });
      if (name !== 'effusion') continue;
      const effusion = reading.findings.find(({ id }) => id === 'Effusion')!;
      assert.equal(effusion.band, 'above');
      // Fluid was drawn into the picture with the wide heart, so it is where the two differ.
      const before = await open('cardiomegaly');
      const drawn = image.data.map((value, index) => Number(Math.abs(value - before.data[index]!) > 0.1));
      const { width, values } = reading.maps['Effusion']!;
      const peak = values.indexOf(Math.max(...values));
      const cell = image.width / width;
      const [left, top] = [(peak % width) - 1, Math.floor(peak / width) - 1].map((first) => first * cell);
      const around = drawn.filter((_, index) => {
        const [x, y] = [index % image.width, Math.floor(index / image.width)];
        return x >= left! && x < left! + 3 * cell && y >= top! && y < top! + 3 * cell;
      });
      assert.ok(mean(around) > 2 * mean(drawn), 'around the map’s strongest place fluid was drawn');
    }
    network.dispose();
  });

  test('scores of one GrayImage are the ones that the browser is held to', async () => {
    const pinned = await readJson<Record<string, number>>(
      fileURLToPath(new URL('../fixtures/pinned-scores.json', import.meta.url)),
    );
    const network = loadFindingsNetwork(pack);
    const { findings } = await readImage(probeImage(), { findings: network }, {}, () => undefined);
    network.dispose();
    assert.deepEqual(Object.keys(pinned).sort(), findings.map(({ id }) => id).sort());
    // Closer than the 0.001 between engines, so that the two sides together stay within it.
    for (const { id, score } of findings) assert.ok(Math.abs(score - pinned[id]!) <= 1e-4, `${id}: ${score}`);
  });

  test('most X-rays of people are not refused', async (context) => {
    const data = dataFolder();
    if (data === undefined) return context.skip('no data folder');
    const lines = (await readFile(join(data, 'nih/labels.csv'), 'utf8')).trim().split('\n').slice(1);
    const heldOut = lines.map((line) => line.split(',')).filter((cells) => cells[3] === '0');
    // Every 20th of fold 0, so that it takes seconds.
    const some = heldOut.filter((_, index) => index % 20 === 0);
    const network = loadFindingsNetwork(pack);
    let refused = 0;
    for (const [file = ''] of some) {
      const image = await decodePicture(await readPictureFile(join(data, file)), createNodeCodecs());
      const { gate } = await readImage(image, { findings: network }, {}, () => undefined);
      if (gate.verdict === 'refuse') refused += 1;
    }
    network.dispose();
    assert.ok(some.length > 20, 'too few images');
    assert.equal(refused, 0);
    return undefined;
  });
});
