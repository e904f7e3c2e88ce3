/** Every DICOM file of the data folder against a reference decoder's figures; prints the table and the counts. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { readStoredFigures, type StoredFigures } from '../../src/imaging/dicom/stored-figures.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { readReference, type ReferenceRow } from '../support/dicom-reference.ts';

/**
 * Where we answer otherwise than the reference, and why. Everything that is not named here must agree.
 * A value: the figure that is right. A text: the code of our error.
 */
const deviations: Readonly<Record<string, { readonly answer: string; readonly reason: string }>> = {
  'dicom/pydicom_SC_rgb_small_odd_big_endian.dcm': {
    answer: '72193c820183f5c6950f2c2be6ef0c16cc168aa21182789e33afc577f5ccf883',
    reason:
      '8-bit samples in OW words are swapped in big-endian files (PS3.5 §8.1.2). The reference leaves them swapped and ' +
      'reads the padding byte as a sample; our values are those of the same picture in pydicom_SC_rgb_small_odd.dcm.',
  },
  'dicom/pydicom_JPEG2000-embedded-sequence-delimiter.dcm': {
    answer: 'image-corrupt',
    reason:
      'A delimiter was written over the size in the codestream, which now claims 3,722,445,056 columns of 256. The ' +
      'reference gives noise from −32,668 to 32,753; the undamaged file has −30 to 245.',
  },
};

/** What the reference could not read: all but one hold no picture. */
const notDecoded: Readonly<Record<string, string>> = {
  'dicom/pydicom_DICOMDIR-empty.dcm': 'dicom-no-image',
  'dicom/pydicom_DICOMDIR-bigEnd': 'dicom-no-image',
  'dicom/pydicom_no_meta_group_length.dcm': 'dicom-no-image',
  'dicom/pydicom_ExplVR_BigEndNoMeta.dcm': 'dicom-no-image',
  'dicom/pydicom_ExplVR_LitEndNoMeta.dcm': 'dicom-no-image',
  'dicom/pydicom_IM000000': 'dicom-no-image',
  'dicom/pydicom_IM000001': 'dicom-no-image',
  'dicom/pydicom_rtstruct.dcm': 'dicom-no-image',
  'dicom/pydicom_rtplan.dcm': 'dicom-no-image',
  'dicom/pydicom_rtplan_truncated.dcm': 'image-truncated',
  'dicom/dicomparser_report_dfl': 'dicom-no-image',
  'dicom/dicomparser_wave_dfl': 'dicom-no-image',
};
/** An odd VR in one private element stops the reference; its pixels are those of rtdose_expb.dcm in the other byte order. */
const badVr = 'dicom/pydicom_badVR.dcm';
const badVrTwin = 'dicom/pydicom_rtdose_expb.dcm';

const meanTolerance = 0.001;
const endTolerance = 0.01;
/** JPEG's transform is not specified to the last bit: two right decoders differ by a step here and there. */
const isLossyJpeg = (row: ReferenceRow): boolean => /JPEG (Baseline|Extended)/.test(row.syntax);

function agrees(row: ReferenceRow, found: StoredFigures): boolean {
  if (!isLossyJpeg(row)) {
    return found.sha256 === row.sha256 && found.minimum === row.minimum && found.maximum === row.maximum;
  }
  const range = 2 ** row.bitsStored;
  return (
    Math.abs(found.mean - row.mean) <= meanTolerance * range &&
    Math.abs(found.minimum - row.minimum) <= endTolerance * range &&
    Math.abs(found.maximum - row.maximum) <= endTolerance * range
  );
}

const folder = dataFolder();
const rows = folder === undefined ? [] : await readReference(folder).catch(() => []);

test(
  'every DICOM file of the data folder is read right or refused with the reason',
  { skip: rows.length === 0 },
  async () => {
    const codecs = createNodeCodecs();
    const counts = { exact: 0, close: 0, deviating: 0, withoutPicture: 0, beyondReference: 0 };
    const wrong: string[] = [];
    const answers = new Map<string, string>();
    for (const row of rows) {
      const bytes = await readPictureFile(join(folder!, row.file));
      const start = performance.now();
      const found = await readStoredFigures(bytes, codecs.compileDicomCodec).catch((thrown: unknown) => {
        if (thrown instanceof AppError) return thrown;
        throw thrown;
      });
      const tookMs = performance.now() - start;
      const answer = found instanceof AppError ? found.code : found.sha256;
      answers.set(row.file, answer);
      const deviation = deviations[row.file];
      let said: string;
      if (deviation !== undefined) {
        counts.deviating += 1;
        said = `deviates: ${answer}`;
        if (answer !== deviation.answer) wrong.push(row.file);
      } else if (row.decoded) {
        const right = !(found instanceof AppError) && agrees(row, found);
        if (!right) wrong.push(`${row.file}: ${found instanceof AppError ? found.message : JSON.stringify(found)}`);
        else if (answer === row.sha256) counts.exact += 1;
        else counts.close += 1;
        said = right ? (answer === row.sha256 ? 'exact' : 'within tolerance') : 'WRONG';
      } else if (row.file === badVr) {
        counts.beyondReference += 1;
        said = 'read, the reference fails';
      } else {
        counts.withoutPicture += 1;
        said = answer;
        if (answer !== notDecoded[row.file]) wrong.push(`${row.file}: ${answer}`);
      }
      console.log(
        `${row.file.padEnd(64)} ${row.syntax.slice(0, 32).padEnd(32)} ${tookMs.toFixed(0).padStart(5)} ms  ${said}`,
      );
    }
    console.log(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.equal(answers.get(badVr), answers.get(badVrTwin));
  },
);

test('each of them becomes a GrayImage or an AppError', { skip: rows.length === 0 }, async () => {
  const codecs = createNodeCodecs();
  for (const row of rows) {
    const bytes = await readPictureFile(join(folder!, row.file));
    const image = await decodePicture(bytes, codecs).catch((thrown: unknown) => {
      assert.ok(thrown instanceof AppError, `${row.file}: ${String(thrown)}`);
      assert.ok(!row.decoded || row.file in deviations, `${row.file}: ${thrown.message}`);
      return undefined;
    });
    if (image === undefined) continue;
    assert.equal(image.data.length, image.width * image.height, row.file);
    assert.ok(
      image.data.every((value) => value >= 0 && value <= 1),
      row.file,
    );
    assert.equal(image.source.kind, 'dicom');
  }
});
