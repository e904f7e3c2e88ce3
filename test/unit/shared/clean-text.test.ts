import { expect } from '@open-wc/testing';
import { cleanText } from '../../../src/shared/clean-text.ts';

describe('clean-text', () => {
  it('takes out what changes the direction of text, so that no name hides its ending', () => {
    expect(cleanText('photo\u202egnp.exe')).to.equal('photognp.exe');
    expect(cleanText('a\u2066b\u2069c\u200fd\u061ce')).to.equal('abcde');
  });

  it('takes out control characters and joins white space', () => {
    expect(cleanText(' a\u0000b\u0007c\u009bd \n\t e\u2028f ')).to.equal('abcd e f');
  });

  it('keeps letters of every script, and marks', () => {
    expect(cleanText('صدر-胸部-छाती é.png')).to.equal('صدر-胸部-छाती é.png');
  });

  it('bounds the length by characters and cuts none in half', () => {
    expect(cleanText('😀'.repeat(300))).to.equal('😀'.repeat(256));
    expect(cleanText('x'.repeat(1e6)).length).to.equal(256);
    expect(cleanText('abc', 2)).to.equal('ab');
  });

  it('mends broken surrogate pairs', () => {
    expect(cleanText('a\ud800b')).to.equal('a\ufffdb');
  });
});
