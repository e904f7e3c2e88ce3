/** Names in the character sets of PS3.5 Annexes H, I and J, whose examples these are, and hostile ones. */

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Inflate } from 'fflate';
import { decodeFile } from '../../src/decoding/decode-file.ts';
import { decodeDicomText } from '../../src/imaging/dicom/character-sets.ts';
import { decodeDicom } from '../../src/imaging/dicom/decode-dicom.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { readPatientLabel } from '../../src/imaging/dicom/patient-label.ts';
import { maxShownTextLength } from '../../src/shared/limits.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { latin1 } from '../fixtures/make-pictures.ts';
import { makeDicom, syntaxes, type DicomElementSpec } from '../fixtures/make-dicom.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Bytes as the standard prints them: `\xHH` where they are no ASCII. */
const names: readonly (readonly [characterSets: string, stored: string, name: string])[] = [
  ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
  ['ISO_IR 144', '\xbb\xee\xda', 'Люк'],
  ['ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
  ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1', 'قباني^لنزار'],
  ['ISO_IR 138', '\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4', 'שרון^דבורה'],
  ['ISO_IR 192', Buffer.from('Wang^XiaoDong=王^小東').toString('latin1'), 'Wang^XiaoDong=王^小東'],
  ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', 'Wang^XiaoDong=王^小东'],
  [
    '\\ISO 2022 IR 87',
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  [
    '\\ISO 2022 IR 149',
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  ['\\ISO 2022 IR 58', 'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab', 'Zhang^XiaoDong=张^小东'],
  ['ISO 2022 IR 6\\ISO 2022 IR 100\\ISO 2022 IR 144', 'J\x1b-A\xe9r\xf4me \x1b-L\xbb\xee\xda', 'Jérôme Люк'],
  ['an unknown one', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
  ['', 'Smith^\x1bJohn', 'Smith^John'],
];

for (const [characterSets, stored, name] of names) {
  test(`${characterSets === '' ? 'no character set' : characterSets}: ${name}`, () => {
    assert.equal(decodeDicomText(bytes(stored), characterSets.split('\\')), name);
  });
}

function labelled(elements: readonly DicomElementSpec[], syntax: string = syntaxes.explicit): Uint8Array<ArrayBuffer> {
  return makeDicom({ width: 2, height: 2, bitsAllocated: 8, values: [1, 2, 3, 4], elements, syntax });
}

const somebody: readonly DicomElementSpec[] = [
  [0x0008_0005, 'CS', 'ISO_IR 100'],
  [0x0008_0020, 'DA', '20240307'],
  [0x0008_0050, 'SH', 'ACC 17'],
  [0x0010_0010, 'PN', latin1('Buc^J\xe9r\xf4me^^Dr.')],
  [0x0010_0020, 'LO', ' 12345 '],
  [0x0010_0030, 'DA', '1961.02.14'],
];

test('the label has name, identifiers and dates, in every syntax, and nothing of it is in the facts', async () => {
  for (const syntax of [syntaxes.explicit, syntaxes.implicit, syntaxes.bigEndian, syntaxes.deflated]) {
    const file = labelled(somebody, syntax);
    const { image, readPatient } = await decodeDicom(file, undefined);
    assert.deepEqual(readPatient(), {
      name: 'Buc Jérôme Dr.',
      id: '12345',
      birthDate: '1961-02-14',
      studyDate: '2024-03-07',
      accessionNumber: 'ACC 17',
    });
    for (const word of ['Buc', '12345', '1961', '2024', 'ACC']) {
      assert.ok(!JSON.stringify(image.source).includes(word), word);
    }
  }
});

test('a deflated file is inflated once for picture and label', async () => {
  const push = mock.method(Inflate.prototype, 'push');
  try {
    const file = new Blob([labelled(somebody, syntaxes.deflated)]);
    const { patient } = await decodeFile(file, createNodeCodecs(), () => undefined);
    assert.equal(patient?.id, '12345');
    const ends = push.mock.calls.filter(({ arguments: [, isLast] }) => isLast === true);
    assert.equal(ends.length, 1);
  } finally {
    push.mock.restore();
  }
});

test('a file that names nobody has no label', () => {
  assert.equal(readPatientLabel(parseDicom(labelled([]))), undefined);
  assert.equal(readPatientLabel(parseDicom(labelled([[0x0010_0010, 'PN', ' ^ = ']]))), undefined);
});

test('control and bidirectional characters are gone, and long names are cut', () => {
  const hostile = `<img src=x onerror=alert(1)>\u202e${'x'.repeat(5000)}\u0000\u0007`;
  const label = readPatientLabel(
    parseDicom(
      labelled([
        [0x0008_0005, 'CS', 'ISO_IR 192'],
        [0x0010_0020, 'UT', Uint8Array.from(Buffer.from(hostile))],
      ]),
    ),
  );
  assert.equal(label?.id?.length, maxShownTextLength);
  // eslint-disable-next-line no-control-regex -- what must not be there
  assert.ok(!/[\u0000-\u001f\u202a-\u202e]/.test(label?.id ?? ''));
  assert.ok(label?.id?.startsWith('<img src=x onerror=alert(1)>x'), 'text stays text');
});
