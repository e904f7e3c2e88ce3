/** The packs beside the findings, as they lie in the repository: lungs and heart, and the gate. Node. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { startEngine } from '../../src/inference/engine.ts';
import { describeAnatomy } from '../../src/inference/describe-anatomy.ts';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { gateOnPicture } from '../../src/inference/gate/picture-gate.ts';
import { loadLungsNetwork } from '../../src/inference/lungs-network.ts';
import { loadPictureGate } from '../../src/inference/picture-gate-network.ts';
import { provePack, readGolden } from '../../src/inference/prove-pack.ts';
import { readImage } from '../../src/inference/read-image.ts';
import type { GrayImage } from '../../src/shared/analysis.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { GateManifest, LungsManifest, PackContents } from '../../src/shared/pack.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { syntheticPicture } from '../../tools/pack/golden.ts';
import { leftOutCases } from '../../tools/pack/lungs/left-out-cases.ts';
import { measureLungs } from '../../tools/pack/lungs/measure-lungs.ts';
import { loadEmbeddedPack, loadFindingsPack } from '../../tools/read/load-pack-folder.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';

const models = fileURLToPath(new URL('../../models', import.meta.url));
const maxLungsBytes = 0.7e6;
const maxGateBytes = 1.5e6;

let lungs: PackContents<LungsManifest>;
let gate: PackContents<GateManifest>;
let example: GrayImage;

async function embedded<Role extends 'lungs' | 'gate'>(role: Role) {
  const pack = await loadEmbeddedPack(models, role);
  assert.ok(pack, `no embedded pack of the role ${role}`);
  return pack;
}

function bytesOf({ manifest }: PackContents): number {
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A quarter turn clockwise. */
function turned(image: GrayImage): GrayImage {
  const { width, height, data } = image;
  const moved = new Float32Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) moved[x * height + (height - 1 - y)] = data[y * width + x]!;
  }
  return { ...image, width: height, height: width, data: moved };
}

before(async () => {
  await startEngine('simd', nodeEnginePaths());
  [lungs, gate] = [await embedded('lungs'), await embedded('gate')];
  example = await decodePicture(await readPictureFile(syntheticPicture), createNodeCodecs());
});

describe('the pack of lungs and heart', () => {
  test('is small, gives its known answers, and is near the network that was trained', () => {
    assert.ok(bytesOf(lungs) <= maxLungsBytes, `${bytesOf(lungs)} bytes`);
    assert.ok(lungs.files.has('MODEL_CARD.md'));
    const network = loadLungsNetwork(lungs);
    assert.ok(provePack(network, lungs, 'simd').passed);
    network.dispose();
    for (const { source, pack } of readGolden(lungs).inputs) {
      assert.equal(pack.length, 128);
      source.forEach((value, at) => assert.ok(Math.abs(value - pack[at]!) <= 0.03, `${value} and ${pack[at]}`));
    }
  });

  test('outlines the synthetic example, and measures it', () => {
    const network = loadLungsNetwork(lungs);
    const { anatomy } = describeAnatomy(network.segment(example), network.manifest);
    network.dispose();
    assert.equal(anatomy.lungs.length, 2);
    assert.equal(anatomy.heart.length, 1);
    const { ratio } = anatomy;
    assert.ok(ratio, 'no ratio');
    assert.ok(ratio.value > 0.35 && ratio.value < 0.65, `${ratio.value}`);
    assert.ok(ratio.interval[0] < ratio.value && ratio.value < ratio.interval[1]);
    assert.ok([...anatomy.lungs, ...anatomy.heart].flat().every((place) => place >= 0 && place <= 1));
  });

  test('refuses to be loaded as another role', () => {
    assert.throws(() => loadPictureGate(lungs), AppError);
    assert.throws(() => loadLungsNetwork(gate), AppError);
    assert.throws(() => loadFindingsNetwork(lungs), AppError);
  });

  test('outlines left-out patients as its card says', async (context) => {
    const data = dataFolder();
    if (data === undefined) return context.skip('the data folder is not here');
    const network = loadLungsNetwork(lungs);
    const figures = await measureLungs(network, leftOutCases(data));
    network.dispose();
    for (const [source, { mean }] of Object.entries(figures.lungs)) assert.ok(mean >= 0.93, `${source}: ${mean}`);
    assert.ok((figures.heart?.mean ?? 0) >= 0.9, `heart: ${figures.heart?.mean}`);
    const error = figures.ratio?.mean ?? NaN;
    assert.ok(Math.abs(error - lungs.manifest.ratioError.meanAbsolute) < 1e-3);
    assert.ok(error <= 0.02, `ratio: ${error}`);
    return undefined;
  });
});

describe('the pack of the gate', () => {
  test('is small, gives its known answers, and is near the network that was trained', () => {
    assert.ok(bytesOf(gate) <= maxGateBytes, `${bytesOf(gate)} bytes`);
    const network = loadPictureGate(gate);
    assert.ok(provePack(network, gate, 'simd').passed);
    network.dispose();
    for (const { source, pack } of readGolden(gate).inputs) {
      source.forEach((value, at) => assert.ok(Math.abs(value - pack[at]!) <= 0.15, `${value} and ${pack[at]}`));
    }
  });

  test('takes the synthetic example, and says when it is turned or inverted', () => {
    const network = loadPictureGate(gate);
    const codes = (image: GrayImage): string[] =>
      gateOnPicture(network.look(image), network.manifest).map(({ severity, code }) => `${severity} ${code}`);
    const negative = { ...example, data: example.data.map((value) => 1 - value) };
    assert.deepEqual(codes(example), []);
    assert.deepEqual(codes(turned(example)), ['refuse rotated-90']);
    assert.deepEqual(codes(turned(turned(example))), ['refuse rotated-180']);
    assert.deepEqual(codes(turned(turned(turned(example)))), ['refuse rotated-270']);
    assert.deepEqual(codes(negative), ['refuse inverted']);
    network.dispose();
  });
});

describe('one reading with all packs', () => {
  test('joins reasons, names every pack, and tells where the evidence lies', async () => {
    const findings = loadFindingsNetwork(await loadFindingsPack(models));
    const networks = { findings, gate: loadPictureGate(gate), lungs: loadLungsNetwork(lungs) };
    const reading = await readImage(turned(example), networks, {}, () => undefined);
    assert.equal(reading.gate.verdict, 'refuse');
    assert.ok(reading.gate.reasons.some(({ source }) => source === `gate@${gate.manifest.version}`));
    assert.deepEqual(Object.keys(reading.packs), [findings.manifest.id, 'gate', 'lungs']);
    const upright = await readImage(example, networks, {}, () => undefined);
    const shares = Object.values(upright.anatomy?.insideLungs ?? {});
    assert.ok(shares.length > 0 && shares.every((share) => share >= 0 && share <= 1));
    const without = await readImage(example, { findings }, {}, () => undefined);
    assert.equal(without.anatomy, undefined);
    assert.deepEqual(without.findings, upright.findings);
    for (const network of Object.values(networks)) network.dispose();
  });
});
