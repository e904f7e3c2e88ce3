import { expect } from '@open-wc/testing';
import { readExif } from '../../../src/imaging/exif.ts';
import { makeExif } from '../../fixtures/make-jpegs.ts';
import { seededRandom } from '../../support/mutate.ts';

const nothingKnown = { orientation: 1, isFromCamera: false };

describe('readExif', () => {
  it('tells orientation and exposure apart', () => {
    expect(readExif(makeExif(6, false))).to.deep.equal({ orientation: 6, isFromCamera: false });
    expect(readExif(makeExif(1, true))).to.deep.equal({ orientation: 1, isFromCamera: true });
    expect(readExif(makeExif(9, true))).to.deep.equal({ orientation: 1, isFromCamera: true });
  });

  it('knows nothing of what is cut, or no TIFF structure', () => {
    const whole = makeExif(3, true);
    expect(readExif(new Uint8Array())).to.deep.equal(nothingKnown);
    expect(readExif(new Uint8Array(100).fill(7))).to.deep.equal(nothingKnown);
    expect(readExif(whole.slice(0, 20))).to.deep.equal(nothingKnown);
    // The second directory is missing.
    expect(readExif(whole.slice(0, 38))).to.deep.equal({ orientation: 3, isFromCamera: false });
  });

  it('does not stumble over directories that point anywhere', () => {
    const random = seededRandom(5);
    for (let run = 0; run < 2000; run += 1) {
      const exif = makeExif(6, true);
      for (let change = 0; change < 4; change += 1)
        exif[Math.floor(random() * exif.length)] = Math.floor(random() * 256);
      const { orientation } = readExif(exif);
      expect(orientation).to.be.within(1, 8);
    }
  });
});
