import { expect } from '@open-wc/testing';
import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import { sha256Hex } from '../../../src/shared/sha256.ts';
import { grayBytes, makePinnedPictures } from '../../fixtures/pinned-pictures.ts';
import { codecs, loadJpegMaker } from './load-codecs.ts';

/** The same list is checked in Node by `test/golden/same-pixels.node.ts`. */
describe('the same file gives the same GrayImage, to the last bit,', () => {
  it('in the browser as in Node', async () => {
    const pinned = (await (await fetch('/test/fixtures/pinned-grays.json')).json()) as Record<string, string>;
    const found: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(await makePinnedPictures(await loadJpegMaker()))) {
      found[name] = await sha256Hex(grayBytes(await decodePicture(bytes, codecs)));
    }
    expect(found).to.deep.equal(pinned);
  });
});
