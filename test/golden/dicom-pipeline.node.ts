/** From stored values to grey, frozen: each case states what the standard's formula gives, by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { dicomPipelineVersion } from '../../src/imaging/dicom/grey-pipeline.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { GrayImage, PictureLook } from '../../src/shared/analysis.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { grayBytes } from '../fixtures/pinned-pictures.ts';
import { makeDicom, syntaxes, testValues, type DicomElementSpec, type DicomSpec } from '../fixtures/make-dicom.ts';

const codecs = createNodeCodecs();
const read = (spec: DicomSpec, options?: PictureLook): Promise<GrayImage> =>
  decodePicture(makeDicom(spec), codecs, options);

/** One row of stored values. */
function row(
  values: readonly number[],
  elements: readonly DicomElementSpec[],
  more: Partial<DicomSpec> = {},
): DicomSpec {
  return { width: values.length, height: 1, bitsAllocated: 16, bitsStored: 12, values, elements, ...more };
}

function near(image: GrayImage, expected: readonly number[], digits = 6): void {
  const shown = [...image.data].map((value) => value.toFixed(digits));
  assert.deepEqual(
    shown,
    expected.map((value) => value.toFixed(digits)),
  );
}

const window = (center: string, width: string, voiFunction?: string): DicomElementSpec[] => [
  [0x0028_1050, 'DS', center],
  [0x0028_1051, 'DS', width],
  ...(voiFunction === undefined ? [] : ([[0x0028_1056, 'CS', voiFunction]] as const)),
];
const rescale = (slope: string, intercept: string): DicomElementSpec[] => [
  [0x0028_1052, 'DS', intercept],
  [0x0028_1053, 'DS', slope],
];
const table = (first: number, bits: number, entries: readonly number[]): DicomElementSpec[] => [
  [0x0028_3002, 'US', [entries.length, first & 0xffff, bits]],
  [0x0028_3006, 'OW', entries],
];

test('LINEAR takes half a step off the centre and one off the width', async () => {
  // y = (x − 99.5) / 199 + 0.5
  near(
    await read(row([0, 50, 100, 150, 199, 500], window('100', '200'))),
    [0, 50, 100, 150, 199, 199].map((x) => x / 199),
  );
  near(await read(row([9, 10, 11], window('10.5', '1'))), [0, 0, 1]);
});

test('LINEAR_EXACT and SIGMOID do not', async () => {
  near(await read(row([0, 50, 100, 200, 300], window('100', '200', 'LINEAR_EXACT'))), [0, 0.25, 0.5, 1, 1]);
  const sigmoid = (x: number): number => 1 / (1 + Math.exp((-4 * (x - 100)) / 200));
  near(await read(row([0, 50, 100, 400], window('100', '200', 'SIGMOID'))), [0, 50, 100, 400].map(sigmoid));
});

test('rescale comes before the window, whatever its sign', async () => {
  const elements = [...rescale('2', '-100'), ...window('100', '200', 'LINEAR_EXACT')];
  near(await read(row([50, 100, 150], elements)), [0, 0.5, 1]);
  const negative = [...rescale('-1', '200'), ...window('100', '200', 'LINEAR_EXACT')];
  near(await read(row([0, 50, 200], negative)), [1, 0.75, 0]);
});

test('a modality LUT replaces rescale', async () => {
  const elements: DicomElementSpec[] = [
    [0x0028_3000, 'SQ', [table(10, 16, [100, 200, 300])]],
    ...rescale('5', '5'),
    ...window('200', '400', 'LINEAR_EXACT'),
  ];
  near(await read(row([0, 10, 11, 12, 99], elements)), [0.25, 0.25, 0.5, 0.75, 0.75]);
  near(await read(row([0, 10, 11, 12, 99], elements, { syntax: syntaxes.implicit })), [0.25, 0.25, 0.5, 0.75, 0.75]);
});

test('a VOI LUT comes before the windows; the next choice is the first window', async () => {
  const elements: DicomElementSpec[] = [
    [0x0028_3010, 'SQ', [table(0, 8, [0, 255, 51])]],
    ...window('1\\100', '2\\50', 'LINEAR_EXACT'),
  ];
  const image = await read(row([0, 1, 2, 7], elements));
  near(image, [0, 1, 0.2, 0.2]);
  assert.deepEqual([image.source.dicom?.voi, image.source.dicom?.voiChoices], [{ kind: 'table' }, 3]);
  near(await read(row([0, 1, 2, 7], elements), { voi: 1 }), [0, 0.5, 1, 1]);
  const second = await read(row([75, 100, 125], elements), { voi: 2 });
  near(second, [0, 0.5, 1]);
  assert.deepEqual(second.source.dicom?.voi, { kind: 'window', center: 100, width: 50, function: 'LINEAR_EXACT' });
  const none = await read(row([0], elements), { voi: 3 }).catch((thrown: unknown) => thrown);
  assert.equal(none instanceof AppError ? none.code : none, 'wrong-usage');
  // A picture in colours has none, whatever its header says.
  const colour: DicomSpec = { width: 1, height: 1, photometric: 'RGB', bitsAllocated: 8, values: [0, 0, 0], elements };
  const refused = await read(colour, { voi: 1 }).catch((thrown: unknown) => thrown);
  assert.equal(refused instanceof AppError ? refused.code : refused, 'wrong-usage');
});

test('what the header offers is told where there is a choice, in its own words', async () => {
  const explained: DicomElementSpec[] = [
    [0x0028_3010, 'SQ', [[...table(0, 8, [0, 255, 51]), [0x0028_3003, 'LO', 'HARD']]]],
    ...window('1\\100', '2\\50', 'LINEAR_EXACT'),
    [0x0028_1055, 'LO', `NORMAL\\${'B'.repeat(200)}`],
  ];
  const { dicom } = (await read(row([0, 1], explained))).source;
  assert.deepEqual(dicom?.voi, { kind: 'table', explanation: 'HARD' });
  assert.deepEqual(
    dicom.voiOffered?.map(({ center, explanation }) => [center, explanation]),
    [
      [undefined, 'HARD'],
      [1, 'NORMAL'],
      [100, 'B'.repeat(64)],
    ],
  );
  assert.equal((await read(row([0, 1], window('1', '2')))).source.dicom?.voiOffered, undefined);
});

test('inverted when a person asks for it: last, padding stays black, and it is recorded', async () => {
  const elements: DicomElementSpec[] = [...window('100', '200', 'LINEAR_EXACT'), [0x0028_0120, 'US', [4000]]];
  const inverted = await read(row([0, 50, 200, 4000], elements), { inverted: true });
  near(inverted, [1, 0.75, 0, 0]);
  assert.equal(inverted.source.inverted, true);
  const back = await read(row([0, 50, 200], elements, { photometric: 'MONOCHROME1' }), { inverted: true });
  near(back, [0, 0.25, 1]);
  const colour: DicomSpec = { width: 1, height: 1, photometric: 'RGB', bitsAllocated: 8, values: [255, 255, 255] };
  near(await read(colour, { inverted: true }), [0]);
  assert.equal((await read(row([0, 1], elements))).source.inverted, undefined);
});

test('tables of signed values begin below zero', async () => {
  const elements: DicomElementSpec[] = [[0x0028_3010, 'SQ', [table(-1, 8, [0, 102, 255])]]];
  near(await read(row([-5, -1, 0, 1], elements, { signed: true })), [0, 0, 0.4, 1]);
});

test('MONOCHROME1 is inverted last, and padding is black in both', async () => {
  const elements: DicomElementSpec[] = [...window('100', '200', 'LINEAR_EXACT'), [0x0028_0120, 'US', [4000]]];
  near(await read(row([0, 50, 200, 4000], elements)), [0, 0.25, 1, 0]);
  near(await read(row([0, 50, 200, 4000], elements, { photometric: 'MONOCHROME1' })), [1, 0.75, 0, 0]);
  const range: DicomElementSpec[] = [...elements, [0x0028_0121, 'US', [3900]]];
  near(await read(row([200, 3899, 3900, 3950, 4000], range)), [1, 1, 0, 0, 0]);
});

test('without a window the 0.5th and 99.5th percentile of what is no padding are black and white', async () => {
  // Of 1,001 values 1000…2000 the percentiles are 1005 and 1995; 5,000 pixels of padding change nothing.
  const values = [...Array.from({ length: 1001 }, (_, index) => 1000 + index), ...new Array<number>(5000).fill(0)];
  const elements: DicomElementSpec[] = [[0x0028_0120, 'US', [0]]];
  const image = await read(row(values, elements, { width: 353, height: 17 }));
  const expected = values.map((value) => (value === 0 ? 0 : Math.min(1, Math.max(0, (value - 1005) / 990))));
  near(image, expected, 5);
  assert.deepEqual(image.source.dicom?.voi, { kind: 'percentiles', center: 1500, width: 990 });
  near(await read(row([7, 7, 7], [])), [0, 0, 0]);
});

test('windows that the standard forbids are left out', async () => {
  const image = await read(row([0, 100, 200], window('100', '0')));
  assert.equal(image.source.dicom?.voi.kind, 'percentiles');
});

test('functional groups give the window of their frame', async () => {
  const group = (center: string): DicomElementSpec[] => [[0x0028_9132, 'SQ', [window(center, '2', 'LINEAR_EXACT')]]];
  const elements: DicomElementSpec[] = [[0x5200_9230, 'SQ', [group('1'), group('11')]]];
  const spec: DicomSpec = {
    width: 3,
    height: 1,
    frames: 2,
    bitsAllocated: 16,
    values: [0, 1, 2, 10, 11, 12],
    elements,
  };
  near(await read(spec), [0, 0.5, 1]);
  const second = await read(spec, { frame: 2 });
  near(second, [0, 0.5, 1]);
  assert.deepEqual([second.source.dicom?.frame, second.source.dicom?.frames], [2, 2]);
});

test('pixels that are not square are made so', async () => {
  const spacing: DicomElementSpec[] = [[0x0028_0030, 'DS', '0.4\\0.2'], ...window('128', '256')];
  const tall = await read({
    width: 10,
    height: 10,
    bitsAllocated: 8,
    values: new Array<number>(100).fill(9),
    elements: spacing,
  });
  assert.deepEqual([tall.width, tall.height, tall.source.storedHeight], [10, 20, 10]);
  const wide: DicomElementSpec[] = [[0x0028_0034, 'IS', '1\\3'], ...window('128', '256')];
  const image = await read({
    width: 10,
    height: 10,
    bitsAllocated: 8,
    values: new Array<number>(100).fill(9),
    elements: wide,
  });
  assert.deepEqual([image.width, image.height], [30, 10]);
});

test('colours become grey as in every other picture', async () => {
  const luma = (r: number, g: number, b: number): number => (0.299 * r + 0.587 * g + 0.114 * b) / 255;
  const rgb = await read({
    width: 2,
    height: 1,
    photometric: 'RGB',
    bitsAllocated: 8,
    values: [255, 0, 0, 10, 200, 30],
  });
  near(rgb, [luma(255, 0, 0), luma(10, 200, 30)]);
  assert.ok((rgb.source.colour?.saturatedShare ?? 0) > 0.9);
  const ybr = await read({
    width: 2,
    height: 1,
    photometric: 'YBR_FULL',
    bitsAllocated: 8,
    values: [76, 85, 255, 128, 128, 128],
  });
  // Y 76, Cb 85, Cr 255 is pure red but for rounding: R 254, G 0, B 0.
  near(ybr, [luma(254, 0, 0), 128 / 255]);
  const palette: DicomElementSpec[] = [0, 1, 2].flatMap((channel) => [
    [0x0028_1101 + channel, 'US', [2, 0, 16]] as const,
    [0x0028_1201 + channel, 'OW', [0, channel === 1 ? 65_535 : 0]] as const,
  ]);
  near(
    await read({
      width: 2,
      height: 1,
      photometric: 'PALETTE COLOR',
      bitsAllocated: 8,
      values: [0, 1],
      elements: palette,
    }),
    [0, 0.587],
  );
});

test('the header is told, and nobody is named', async () => {
  const image = await read(
    row(
      [1, 2, 3],
      [
        [0x0010_0010, 'PN', 'SECRET^NAME'],
        [0x0010_0020, 'LO', 'SECRET-ID'],
        [0x0010_1010, 'AS', '018M'],
        [0x0018_5101, 'CS', 'PA'],
        [0x0028_0301, 'CS', 'NO'],
        [0x0028_2110, 'CS', '01'],
        [0x0028_2112, 'DS', '12.5'],
        [0x0008_0068, 'CS', 'FOR PRESENTATION'],
      ],
    ),
  );
  const { voi, ...facts } = image.source.dicom!;
  assert.equal(voi.kind, 'percentiles');
  assert.deepEqual(facts, {
    transferSyntax: syntaxes.explicit,
    transferSyntaxName: 'Explicit VR Little Endian',
    photometric: 'MONOCHROME2',
    modality: 'DX',
    bodyPart: 'CHEST',
    viewPosition: 'PA',
    patientAgeYears: 1.5,
    presentationIntent: 'FOR PRESENTATION',
    burnedInAnnotation: false,
    lossy: { ratio: 12.5 },
    voiChoices: 0,
    frame: 1,
    frames: 1,
    pipeline: dicomPipelineVersion,
  });
  assert.ok(!JSON.stringify(image.source).includes('SECRET'));
});

/** Whoever changes one of these makes a new version of the pipeline: packs were trained with the old one. */
test('version 1 of the pipeline gives these pixels', async () => {
  assert.equal(dicomPipelineVersion, 1);
  const values = testValues(40, 30, 1, 12, false);
  const pinned: Record<string, readonly DicomElementSpec[]> = {
    percentiles: [],
    window: [...rescale('1.5', '-200'), ...window('2048', '3000')],
    sigmoid: window('2048', '3000', 'SIGMOID'),
  };
  const found: Record<string, string> = {};
  for (const [name, elements] of Object.entries(pinned)) {
    const spec = {
      width: 40,
      height: 30,
      bitsAllocated: 16,
      bitsStored: 12,
      values,
      elements,
      photometric: 'MONOCHROME1',
    };
    found[name] = (await sha256Hex(grayBytes(await read(spec)))).slice(0, 16);
  }
  assert.deepEqual(found, {
    percentiles: 'a18af63f2baad167',
    window: '55b36e46cad09685',
    sigmoid: '8bcaa1c31f3be7e7',
  });
});
