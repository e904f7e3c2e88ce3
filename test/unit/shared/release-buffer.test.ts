import { expect } from '@open-wc/testing';
import { releaseBuffer } from '../../../src/shared/release-buffer.ts';

describe('release-buffer', () => {
  it('leaves an empty buffer, whether its memory was made here or came by message', () => {
    const own = new Uint8Array(1000);
    const sent = structuredClone(new Uint8Array(1000));
    releaseBuffer(own.buffer);
    releaseBuffer(sent.buffer);
    expect(own.length).to.equal(0);
    expect(sent.length).to.equal(0);
  });

  it('takes an empty buffer', () => {
    releaseBuffer(new ArrayBuffer(0));
  });

  it('throws for what was released before, so that nobody goes on with it', () => {
    const bytes = new ArrayBuffer(8);
    releaseBuffer(bytes);
    expect(() => releaseBuffer(bytes)).to.throw(DOMException);
  });
});
