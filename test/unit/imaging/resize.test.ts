import { expect } from '@open-wc/testing';
import { boundedSize, resizeArea, resizeRows } from '../../../src/imaging/resize.ts';

const counting = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, (_, index) => index);

describe('resizeArea', () => {
  it('returns the picture itself at its own size', () => {
    expect([...resizeArea(counting(12), 4, 3, 4, 3)]).to.deep.equal([...counting(12)]);
  });

  it('takes means of whole pixels', () => {
    expect([...resizeArea(counting(16), 4, 4, 2, 2)]).to.deep.equal([2.5, 4.5, 10.5, 12.5]);
  });

  it('weights pixels by the area that is covered', () => {
    const [first, middle, last] = resizeArea(counting(4), 4, 1, 3, 1);
    expect(first).to.be.closeTo(0.25, 1e-6);
    expect(middle).to.be.closeTo(1.5, 1e-6);
    expect(last).to.be.closeTo(2.75, 1e-6);
  });

  it('puts pixel centres at + 0.5 when enlarging', () => {
    expect([...resizeArea(new Float32Array([0, 1]), 2, 1, 4, 1)]).to.deep.equal([0, 0.25, 0.75, 1]);
  });

  it('keeps a constant picture constant up to its edges', () => {
    for (const size of [1, 7, 99, 100, 101, 333]) {
      const resized = resizeArea(new Float32Array(100 * 100).fill(0.3), 100, 100, size, size);
      expect(Math.max(...resized.map((value) => Math.abs(value - 0.3)))).to.be.below(1e-6);
    }
  });

  it('keeps the mean, and so does not alias stripes', () => {
    const stripes = Float32Array.from({ length: 1000 }, (_, x) => x % 2);
    const resized = resizeArea(stripes, 1000, 1, 100, 1);
    expect(Math.max(...resized.map((value) => Math.abs(value - 0.5)))).to.be.below(1e-6);
  });

  it('is symmetric', () => {
    const picture = Float32Array.from({ length: 31 }, (_, x) => Math.sin(x) ** 2);
    const mirrored = resizeArea(picture.slice().reverse(), 31, 1, 13, 1).reverse();
    const resized = resizeArea(picture, 31, 1, 13, 1);
    resized.forEach((value, x) => expect(value).to.be.closeTo(mirrored[x]!, 1e-6));
  });

  it('resizes a part of a picture as if it had been cut out', () => {
    const cut = new Float32Array([5, 6, 7, 9, 10, 11]);
    const field = { x: 1, y: 1, width: 3, height: 2 };
    expect([...resizeArea(counting(16), 4, 4, 3, 2, field)]).to.deep.equal([...cut]);
  });

  it('refuses fields outside the picture and sizes that are none', () => {
    expect(() => resizeArea(counting(4), 2, 2, 1, 1, { x: 1, y: 0, width: 2, height: 2 })).to.throw(RangeError);
    expect(() => resizeArea(counting(4), 2, 2, 0, 1)).to.throw(RangeError);
    expect(() => resizeArea(counting(4), 2, 3, 1, 1)).to.throw(RangeError);
  });
});

describe('resizeRows', () => {
  it('reads each row once, from top to bottom', () => {
    for (const outHeight of [1, 3, 40, 99, 100, 170]) {
      const read: number[] = [];
      const readRow = (y: number): void => void read.push(y);
      resizeRows(readRow, 4, 100, { x: 0, y: 0, width: 4, height: 100 }, 2, outHeight);
      expect(read).to.deep.equal(
        Array.from({ length: 100 }, (_, y) => y),
        `to ${outHeight} rows`,
      );
    }
  });
});

describe('boundedSize', () => {
  it('never enlarges, keeps the shape and both bounds', () => {
    expect(boundedSize(100, 50, 4096, 4096 ** 2)).to.deep.equal({ width: 100, height: 50 });
    expect(boundedSize(8192, 4096, 4096, 4096 ** 2)).to.deep.equal({ width: 4096, height: 2048 });
    expect(boundedSize(100_000, 2, 4096, 4096 ** 2)).to.deep.equal({ width: 4096, height: 1 });
    const { width, height } = boundedSize(3000, 3000, 4096, 1e6);
    expect(width * height).to.be.within(0.99e6, 1e6);
  });
});
