/** `npm run pack -- trained`: what training/ exports becomes a pack that answers as the network did. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEngine } from '../../src/inference/engine.ts';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import type { FindingsManifest, Golden } from '../../src/shared/pack.ts';
import { checkPack } from '../../tools/pack/check-pack.ts';
import { syntheticPicture, writeSyntheticXray, goldenInputValues } from '../../tools/pack/golden.ts';
import { importTrained } from '../../tools/pack/import-trained.ts';
import { buildMobileNetGraph } from '../../tools/pack/mobilenet-v2.ts';
import { readSafetensors } from '../../tools/pack/safetensors.ts';
import type { MeasuredFinding, TrainedNetwork } from '../../tools/pack/trained-network.ts';
import { contentsOf, encodeNetwork } from '../../tools/pack/write-pack.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const size = 64;
const findings = ['Effusion', 'Nodule'];
/** A MobileNetV2 of four channels: strides multiply to 32 as in the real one. The head sees two earlier maps, too. */
const trained: TrainedNetwork = {
  input: { size, range: [-1, 1] },
  blocks: { rows: [[1, 4, 1, 1], [2, 4, 1, 2], [2, 4, 2, 2], [2, 6, 2, 2], [2, 6, 1, 2]] }, // prettier-ignore
  earlier: [5, 6],
  findings,
  dtype: 'int8',
  training: { pictures: 1852, patients: 1463, leftOutFold: null, stages: [[64, 10]] },
  shortening: null,
};
/** A scale that float16 holds exactly. */
const scale = 2 ** -8;
const largestInt8 = 127;
const input = { width: size, height: size, channels: 1, geometry: 'crop-resize', range: [-1, 1] } as const;

const random = randomNumbers(7);

/** Weights as training/chester_training/quantise.py leaves them: 1×1 filters on their int8 grids, all else as float16. */
function shapes(): ReadonlyMap<string, readonly number[]> {
  const list = new Map<string, readonly number[]>();
  const layer = (name: string, out: number, into: number, kernel: number): void => {
    list.set(`${name}.weight`, [out, into, kernel, kernel]);
    list.set(`${name}.bias`, [out]);
  };
  layer('stem', 4, 1, 3);
  let channels = 4;
  let index = 0;
  for (const [expansion, out, repeats] of trained.blocks.rows) {
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const hidden = channels * expansion;
      if (expansion > 1) layer(`blocks.${index}.expand`, hidden, channels, 1);
      layer(`blocks.${index}.dw`, hidden, 1, 3);
      layer(`blocks.${index}.project`, out, hidden, 1);
      channels = out;
      index += 1;
    }
  }
  layer('last', 16, channels, 1);
  list.set('fc.weight', [findings.length, 16]);
  list.set('fc.bias', [findings.length]);
  for (const block of trained.earlier ?? []) list.set(`earlier.${block}.weight`, [findings.length, 12]);
  return list;
}

function valuesOf(shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const [out = 1, , kernel] = shape;
  if (kernel !== 1) return Float32Array.from({ length: count }, () => Math.round(random.normal() * 256) / 512);
  const inner = count / out;
  // Each row reaches ±127, so that its scale can be read off.
  return Float32Array.from({ length: count }, (_, place) =>
    place % inner === 0 ? scale * largestInt8 : scale * (random.integer(2 * largestInt8 + 1) - largestInt8),
  );
}

async function writeExport(folder: string): Promise<void> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let place = 0;
  for (const [name, shape] of shapes()) {
    const data = valuesOf(shape);
    parts.push(new Uint8Array(data.buffer));
    header[name] = { dtype: 'F32', shape, data_offsets: [place, place + data.byteLength] };
    place += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(join(folder, 'weights.safetensors'), Buffer.concat([length, text, ...parts]));
  await writeFile(join(folder, 'network.json'), JSON.stringify(trained));
}

/** The known answers of the same weights in float32. */
async function writeAnswers(folder: string, shift: number): Promise<void> {
  const weights = await readSafetensors(join(folder, 'weights.safetensors'));
  const { writer, outputs, biases } = buildMobileNetGraph(trained, weights);
  const encoded = encodeNetwork(writer, 'float32');
  const described = findings.map((id, index) => ({ id, bias: biases[index] }));
  const draft = { id: 'exact', version: '1.0.0', role: 'findings', input, outputs, findings: described };
  const network = loadFindingsNetwork(
    contentsOf({ ...draft, weights: encoded.weights } as unknown as FindingsManifest, encoded),
  );
  await writeSyntheticXray(folder, syntheticPicture, input);
  const answers: { image: string; logits: number[] }[] = [];
  for (const image of ['ramp', 'rings', 'ellipses', 'synthetic-xray'] as const) {
    const values = await goldenInputValues(folder, image, input);
    answers.push({ image, logits: Array.from(network.run(values).logits, (logit) => logit + shift) });
  }
  network.dispose();
  await writeFile(join(folder, 'golden.json'), JSON.stringify({ origin: 'float32', answers }));
}

describe('a trained network', { concurrency: 1 }, () => {
  let scratch: string;
  let from: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'chester-trained-'));
    from = join(scratch, 'export');
    await mkdir(from);
    await startEngine('simd', nodeEnginePaths());
    await writeExport(from);
    await writeAnswers(from, 0);
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  test('keeps its answers: what lies on the grid of int8 is stored as it is', async () => {
    const folder = join(scratch, 'pack');
    const manifest = await importTrained({ from, folder, id: 'tiny', version: '2.0.0' });
    const dtypes = new Map(manifest.weights.entries.map(({ name, dtype }) => [name, dtype]));
    assert.deepEqual(
      ['stem/weight', 'blocks.1.expand/weight', 'blocks.1.dw/weight', 'last/weight', 'head/weight', 'last/bias'].map(
        (name) => dtypes.get(name),
      ),
      ['float16', 'int8', 'float16', 'int8', 'float16', 'float16'],
    );
    const golden = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')) as Golden;
    const logits = golden.inputs.flatMap(({ source }) => source);
    assert.ok(Math.max(...logits) - Math.min(...logits) > 0.05, 'the network says the same of everything');
    for (const { name, source, pack } of golden.inputs) {
      source.forEach((value, index) =>
        assert.ok(Math.abs(value - pack[index]!) < 1e-4, `${name}: ${value} ${pack[index]}`),
      );
    }
    assert.equal((await checkPack(folder)).length, 4);
  });

  test('says "unmeasured" until something was measured, and then exactly that', async () => {
    const folder = join(scratch, 'measured');
    const plain = await importTrained({ from, folder, id: 'tiny', version: '2.0.0' });
    assert.ok(plain.role === 'findings');
    assert.deepEqual(
      plain.findings.map(({ id, grade, operatingPoints }) => [id, grade, operatingPoints.digital.rule]),
      findings.map((id) => [id, 'unmeasured', 'half']),
    );
    const measured: MeasuredFinding[] = findings.map((id) => ({
      id,
      operatingPoints: { digital: { score: 0.1, rule: 'sensitivity', sensitivity: 0.8 } },
      auc: { value: 0.7, interval95: [0.66, 0.74], positives: 9, testSet: 'a test' },
      grade: 'fair',
    }));
    const pack = await importTrained({ from, folder, id: 'tiny', version: '2.0.1', measured });
    assert.ok(pack.role === 'findings');
    assert.deepEqual(
      pack.findings,
      measured.map((finding, index) => ({ ...finding, bias: plain.findings[index]!.bias })),
    );
    assert.match(
      await readFile(join(folder, 'MODEL_CARD.md'), 'utf8'),
      /\| Nodule \| 0\.700 \| 0\.660–0\.740 \| 9 \|/u,
    );
    await assert.rejects(
      importTrained({ from, folder, id: 'tiny', version: '2.0.2', measured: measured.slice(1) }),
      /Effusion is not among the measured findings/u,
    );
  });

  test('is not written where it answers otherwise than it was trained to', async () => {
    const folder = join(scratch, 'wrong');
    await writeAnswers(from, 0.3);
    await assert.rejects(importTrained({ from, folder, id: 'tiny', version: '2.0.0' }), /farther from its source/u);
    await assert.rejects(readFile(join(folder, 'pack.json')), /ENOENT/u);
  });
});
