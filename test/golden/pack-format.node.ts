/** What a manifest is refused for, and that the sentence names it. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { AppError } from '../../src/shared/app-error.ts';
import { validatePack } from '../../src/storage/validate-pack.ts';

type Json = Record<string, unknown>;

const pocket = JSON.parse(await readFile('models/pocket/pack.json', 'utf8')) as Json & {
  weights: { shards: string[]; entries: Json[] };
  files: { path: string }[];
  findings: Json[];
  input: Json;
};

function refusal(change: (manifest: typeof pocket) => void): AppError {
  const manifest = structuredClone(pocket);
  change(manifest);
  try {
    validatePack(manifest);
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, String(thrown));
    return thrown;
  }
  throw new Error('it was taken');
}

function assertRefused(change: (manifest: typeof pocket) => void, reason: RegExp): void {
  const error = refusal(change);
  assert.equal(error.code, 'pack-invalid');
  assert.match(String(error.details['reason']), reason);
}

test('the embedded pack is taken', () => {
  assert.equal(validatePack(structuredClone(pocket)).id, 'pocket');
});

test('a format from the future is told apart from a broken one', () => {
  const error = refusal((manifest) => (manifest.formatVersion = 3));
  assert.equal(error.code, 'pack-version-unknown');
  assert.deepEqual(error.details, { version: 3, known: 2 });
});

test('versions 1 and 2 are taken, with calibration and prevalence', () => {
  const calibration = {
    digital: { slope: 0.8, intercept: -0.1, samplePrevalence: 0.2, covariance: [0.01, -0.002, 0.02] },
  };
  const referencePrevalence = { value: 0.1, source: 'a register' };
  const findings = pocket.findings.map((finding) => ({ ...finding, calibration, referencePrevalence }));
  const manifest = { ...pocket, formatVersion: 2, calibrated: true, findings };
  assert.equal(validatePack(structuredClone(manifest)).formatVersion, 2);
  assert.equal(validatePack(structuredClone({ ...pocket, formatVersion: 1 })).formatVersion, 1);
});

test('a pack is calibrated where every finding is, and only there', () => {
  const digital = { slope: 1, intercept: 0, samplePrevalence: 0.2 };
  assertRefused((manifest) => (manifest['calibrated'] = true), /Atelectasis has no calibration/);
  assertRefused((manifest) => {
    for (const finding of manifest.findings) finding['calibration'] = { digital };
  }, /a calibration that the pack denies/);
  assertRefused(
    (manifest) => (manifest.findings[0]!['calibration'] = { digital: { ...digital, samplePrevalence: 1 } }),
    /samplePrevalence|exclusiveMaximum|less than/,
  );
  assertRefused((manifest) => (manifest.findings[0]!['calibration'] = { digital: { ...digital, slope: -1 } }), /slope/);
  assertRefused(
    (manifest) => (manifest.findings[0]!['referencePrevalence'] = { value: 0, source: 'nobody' }),
    /referencePrevalence|value/,
  );
});

test('a role that this app does not know is refused by its name', () => {
  assertRefused((manifest) => (manifest.role = 'oracle'), /oracle/);
  assertRefused((manifest) => delete manifest.role, /role/);
  assertRefused((manifest) => (manifest.role = 'second-opinion'), /outputs|findings|refuseAtSimilarity|calibrated/);
});

test('missing, surplus and repeated files are refused by name', () => {
  assertRefused(
    (manifest) => (manifest.files = manifest.files.filter(({ path }) => path !== 'weights-03.bin')),
    /weights-03\.bin/,
  );
  assertRefused((manifest) => (manifest.weights.shards = manifest.weights.shards.slice(0, -1)), /weights-09\.bin/);
  assertRefused(
    (manifest) => (manifest.files = manifest.files.filter(({ path }) => path !== 'golden.json')),
    /golden\.json/,
  );
  assertRefused((manifest) => manifest.files.push({ ...manifest.files[0]! }), /listed twice/);
});

test('a path that leaves the folder is refused', () => {
  for (const path of ['../x', 'a/../../x', '/etc/passwd', 'https://x.org/a', 'a\\b', '']) {
    assertRefused((manifest) => (manifest.files[0]!.path = path), /files/);
  }
});

test('a quantised tensor without its scale, and a scale without a quantised tensor, are refused', () => {
  const first = (change: Json) => (manifest: typeof pocket) => Object.assign(manifest.weights.entries[0]!, change);
  const name = new RegExp(String(pocket.weights.entries[0]!['name']));
  assertRefused(first({ dtype: 'uint8' }), name);
  assertRefused(first({ dtype: 'int8' }), name);
  assertRefused(first({ dtype: 'int8', channelAxis: 4 }), name);
  assertRefused(first({ quantization: { min: 0, scale: 1 } }), name);
  assertRefused(first({ dtype: 'bfloat16' }), /dtype/);
});

test('findings are those of the list, each once', () => {
  assertRefused((manifest) => (manifest.findings[0]!['id'] = 'Broken heart'), /findings\/0\/id|findings/);
  assertRefused((manifest) => (manifest.findings[0] = { ...manifest.findings[1] }), /listed twice/);
  assertRefused((manifest) => (manifest.findings = []), /findings/);
});

test('what nobody knows is refused, so that no site relies on it', () => {
  assertRefused((manifest) => (manifest['colour'] = 'blue'), /colour/);
});
