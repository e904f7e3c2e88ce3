/** De-identified copies: nobody in them, the same pixels, and others can read them. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { confidentialityProfile } from '../../src/imaging/dicom/confidentiality-profile.ts';
import { deidentifyDicom } from '../../src/imaging/dicom/deidentify-dicom.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { readStoredFigures } from '../../src/imaging/dicom/stored-figures.ts';
import { tags } from '../../src/imaging/dicom/tags.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { compressedFiles } from '../fixtures/dicom/pictures.ts';
import { identifyingElements, instanceUid, secret, studyUid } from '../fixtures/identified.ts';
import { makeDicom, syntaxes, testValues, type DicomSpec } from '../fixtures/make-dicom.ts';
import { assertNowhere, whatIsLeft } from '../support/deidentified.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { readReference } from '../support/dicom-reference.ts';

const { compileDicomCodec: compile } = createNodeCodecs();
const [width, height] = [24, 17];

function somebody(changes: Partial<DicomSpec> = {}): Uint8Array<ArrayBuffer> {
  return makeDicom({
    width,
    height,
    bitsAllocated: 16,
    bitsStored: 12,
    values: testValues(width, height, 1, 12, false),
    elements: identifyingElements,
    ...changes,
  });
}

test('the profile has the table of PS3.15 2024b', () => {
  const counts = new Map<string, number>();
  for (const { action } of confidentialityProfile.values()) counts.set(action, (counts.get(action) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(counts), {
    X: 380,
    Z: 42,
    U: 54,
    D: 92,
    'X/Z': 11,
    'X/D': 22,
    'Z/D': 6,
    'X/Z/D': 8,
    'X/Z/U*': 2,
  });
  for (const { action, vr, name } of confidentialityProfile.values()) {
    assert.equal(vr !== undefined, action.includes('D'), name);
  }
});

const shapes: readonly (readonly [name: string, changes: Partial<DicomSpec>])[] = [
  ['implicit little-endian', { syntax: syntaxes.implicit }],
  ['explicit little-endian', {}],
  ['explicit big-endian', { syntax: syntaxes.bigEndian }],
  ['deflated', { syntax: syntaxes.deflated }],
  ['without preamble and meta header, implicit', { syntax: syntaxes.implicit, preamble: false, meta: false }],
  ['without preamble and meta header, explicit', { preamble: false, meta: false }],
  ['sequences of undefined length, implicit', { syntax: syntaxes.implicit, openSequences: true }],
  ['sequences of undefined length, explicit', { openSequences: true }],
  ['two frames', { frames: 2, values: testValues(width, height * 2, 1, 12, false) }],
];

for (const [name, changes] of shapes) {
  test(`${name}: nobody is left, and the pixels are the same`, async () => {
    const original = somebody(changes);
    const { bytes, report } = await deidentifyDicom(original, [], compile);
    assert.deepEqual(whatIsLeft(bytes, original), []);
    assertNowhere(bytes, secret);
    assertNowhere(bytes, instanceUid);
    assertNowhere(bytes, '19610214');
    assert.deepEqual(await readStoredFigures(bytes, compile), await readStoredFigures(original, compile));
    assert.ok(bytes.subarray(0, 128).every((byte) => byte === 0));
    const { dataSet, meta, transferSyntaxGuessed } = parseDicom(bytes, { everySequence: true });
    assert.equal(transferSyntaxGuessed, false);
    assert.equal(dataSet.text(tags.patientIdentityRemoved), 'YES');
    assert.equal(dataSet.items(tags.deidentificationMethodCodeSequence)[0]?.text(tags.codeValue), '113100');
    assert.equal(dataSet.text(tags.sopInstanceUid), meta.text(tags.mediaStorageSopInstanceUid));
    // What is not the patient's stays.
    assert.equal(dataSet.items(tags.anatomicRegionSequence)[0]?.text(tags.codeMeaning), 'Chest');
    assert.equal(dataSet.text(tags.bodyPartExamined), 'CHEST');
    assert.ok(report.emptied.includes("Patient's Name"));
    assert.ok(report.removed.includes("Patient's Age"));
    assert.ok(report.replaced.includes('SOP Instance UID'));
    assert.equal(report.unknownRemoved, 3);
  });
}

test('an old UID has one new one in the whole copy, and another in the next copy', async () => {
  const original = somebody();
  const studies = await Promise.all(
    [1, 2].map(async () => {
      const { dataSet } = parseDicom((await deidentifyDicom(original, [], compile)).bytes, { everySequence: true });
      const nested = dataSet.items(tags.anatomicRegionSequence)[0];
      assert.equal(nested?.text(0x0020_000d), dataSet.text(0x0020_000d));
      return dataSet.text(0x0020_000d);
    }),
  );
  assert.match(studies[0] ?? '', /^2\.25\.\d{10,39}$/);
  assert.notEqual(studies[0], studies[1]);
  assert.ok(!studies.includes(studyUid));
});

test('a sequence in an element of unknown VR is looked into', async () => {
  const item = makeDicom({
    width: 1,
    height: 1,
    bitsAllocated: 8,
    values: [0],
    syntax: syntaxes.implicit,
    preamble: false,
    meta: false,
    elements: [[0x0010_0010, 'PN', `${secret}^Unknown`]],
    without: [0x7fe0_0010],
  });
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0xe000_fffe, 0);
  header.writeUInt32LE(item.length, 4);
  const hidden = Buffer.concat([header, item]);
  const broken = Buffer.concat([header, item.subarray(0, item.length - 3), Buffer.from(secret)]);
  const { bytes, report } = await deidentifyDicom(
    somebody({
      elements: [
        [0x0040_0440, 'UN', Uint8Array.from(hidden)],
        [0x0040_0441, 'UN', Uint8Array.from(broken)],
      ],
    }),
    [],
    compile,
  );
  assertNowhere(bytes, secret);
  assert.ok(report.emptied.includes("Patient's Name"));
  assert.equal(report.unknownRemoved, 1);
  assert.equal(parseDicom(bytes, { everySequence: true }).dataSet.items(0x0040_0440).length, 1);
});

for (const { name, syntax } of compressedFiles) {
  test(`${name}: compressed pixels go on as they are`, async () => {
    const original = Uint8Array.from(await readFile(new URL(`../fixtures/dicom/${name}.dcm`, import.meta.url)));
    const { bytes } = await deidentifyDicom(original, [], compile);
    assert.deepEqual(whatIsLeft(bytes, original), []);
    assert.equal(parseDicom(bytes).transferSyntax.uid, syntax);
    assert.deepEqual(await readStoredFigures(bytes, compile), await readStoredFigures(original, compile));
  });
}

test('of a damaged file there is a copy without anybody, or an AppError', async () => {
  const cases = 400;
  const random = seededRandom(20_261_125);
  const originals = shapes.map(([, changes]) => somebody(changes));
  const counts = { copied: 0, refused: 0 };
  for (let number = 0; number < cases; number += 1) {
    const damaged = mutate(originals[number % originals.length]!, random);
    const outcome = await deidentifyDicom(damaged, [], compile).catch((thrown: unknown) => thrown);
    if (outcome instanceof Error) {
      assert.ok(outcome instanceof AppError, `case ${number}: ${outcome.stack}`);
      counts.refused += 1;
      continue;
    }
    const { bytes } = outcome as Awaited<ReturnType<typeof deidentifyDicom>>;
    assert.deepEqual(whatIsLeft(bytes, damaged), [], `case ${number}`);
    counts.copied += 1;
  }
  assert.ok(counts.copied > cases / 10 && counts.refused > cases / 100, JSON.stringify(counts));
});

const folder = dataFolder();
const rows = folder === undefined ? [] : await readReference(folder).catch(() => []);

test(
  'every picture of the data folder: nobody is left, the pixels are the same',
  { skip: rows.length === 0 },
  async () => {
    const counts = { copied: 0, refused: 0 };
    for (const { file } of rows) {
      const original = await readPictureFile(join(folder!, file));
      const before = await readStoredFigures(original, compile).catch((thrown: unknown) => thrown);
      const copy = await deidentifyDicom(original, [], compile).catch((thrown: unknown) => thrown);
      if (before instanceof Error || copy instanceof Error) {
        assert.ok(copy instanceof AppError || !(copy instanceof Error), `${file}: ${String(copy)}`);
        counts.refused += 1;
        if (!(before instanceof Error)) assert.fail(`${file}: read, but not copied: ${String(copy)}`);
        continue;
      }
      const { bytes } = copy as Awaited<ReturnType<typeof deidentifyDicom>>;
      assert.deepEqual(whatIsLeft(bytes, original), [], file);
      assert.deepEqual(await readStoredFigures(bytes, compile), before, file);
      counts.copied += 1;
    }
    console.log(JSON.stringify(counts));
  },
);
