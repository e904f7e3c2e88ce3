import { expect } from '@open-wc/testing';
import { requireReadableFormat, sniffFormat, type SniffedFormat } from '../../../src/imaging/sniff-format.ts';
import * as make from '../../fixtures/make-pictures.ts';
import { errorOf } from './load-codecs.ts';

const { latin1, concatenate } = make;
const isoMedia = (brand: string): make.Bytes => concatenate([0, 0, 0, 20], latin1(`ftyp${brand}\0\0\0\0miaf`));

const samples: readonly (readonly [SniffedFormat, make.Bytes])[] = [
  ['png', make.makePng({ width: 3, height: 3 })],
  ['jpeg', latin1('\xff\xd8\xff\xe0')],
  ['webp', latin1('RIFF\0\0\0\0WEBPVP8 ')],
  ['gif', make.makeGif(2, 2, 1)],
  ['bmp', make.makeBmp(2, 2)],
  ['avif', isoMedia('avif')],
  ['heic', isoMedia('heic')],
  ['video', isoMedia('isom')],
  ['video', latin1('RIFF\0\0\0\0AVI LIST')],
  ['tiff', latin1('II*\0\x08\0\0\0')],
  ['tiff', latin1('MM\0*\0\0\0\x08')],
  ['dicom', make.makeDicomHead()],
  ['dicom', latin1('\x08\0\x05\0CS\x0a\0ISO_IR 100')],
  ['dicom', latin1('\0\x08\0\x05CS\0\x0aISO_IR 100')],
  ['dicom', latin1('\x08\0\0\0\x04\0\0\0\xd8\x01\0\0')],
  ['pdf', latin1('%PDF-1.7\n')],
  ['archive', latin1('PK\x03\x04\x14\0')],
  ['archive', latin1('\x1f\x8b\x08')],
  ['program', make.makeProgram()],
  ['program', latin1('\x7fELF\x02')],
  ['svg', make.makeSvg()],
  ['svg', latin1('\xef\xbb\xbf  <svg>')],
  ['html', make.makeHtml()],
  ['text', make.makeText()],
  ['text', latin1('BM is how some sentences begin, and a number of bytes later they end.')],
  ['text', latin1('MZ likewise.')],
  ['text', latin1('\xff\xfeh\0i\0')],
  ['text', latin1('<?xml version="1.0"?><note/>')],
  ['empty', new Uint8Array(0)],
  ['unknown', new Uint8Array(2000)],
  ['unknown', latin1('\x01\x02\x03\x04\x80\x90')],
];

describe('sniffFormat', () => {
  for (const [format, bytes] of samples) {
    it(`finds ${format} in ${JSON.stringify(String.fromCharCode(...bytes.subarray(0, 8)))}`, () => {
      expect(sniffFormat(bytes)).to.equal(format);
    });
  }
});

describe('requireReadableFormat', () => {
  const codes: readonly (readonly [SniffedFormat, string])[] = [
    ['empty', 'file-empty'],
    ['text', 'format-is-text'],
    ['html', 'format-is-text'],
    ['svg', 'format-is-svg'],
    ['psd', 'format-unsupported'],
    ['tiff', 'format-unsupported'],
    ['archive', 'format-is-archive'],
    ['program', 'format-unsupported'],
    ['unknown', 'format-unknown'],
  ];
  for (const [format, code] of codes) {
    it(`answers ${format} with ${code}`, async () => {
      expect((await errorOf(() => requireReadableFormat(format))).code).to.equal(code);
    });
  }
});
