/** Small copies of frames as cameras give them, beside the plain way: RGB of each pixel, then means. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reducePhoto } from '../../src/imaging/photo/reduce-photo.ts';
import {
  reducePlanes,
  type FramePlane,
  type FramePlanes,
  type YuvColours,
} from '../../src/imaging/photo/reduce-planes.ts';
import type { PhotoImage } from '../../src/shared/analysis.ts';

const bt601: YuvColours = { redWeight: 0.299, blueWeight: 0.114, isFullRange: false };
const bt709Full: YuvColours = { redWeight: 0.2126, blueWeight: 0.0722, isFullRange: true };

/** Planes of a seeded pattern; colours stay so weak that no pixel is clipped. */
function makeFrame(width: number, height: number, isSplit: boolean, colours: YuvColours): FramePlanes {
  const wholeWords = (count: number): number => Math.ceil(count / 4) * 4;
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const lumaStride = wholeWords(width);
  const stride = wholeWords(isSplit ? halfWidth : 2 * halfWidth);
  const lumaEnd = lumaStride * height;
  const bytes = new Uint8Array(lumaEnd + (isSplit ? 2 : 1) * stride * halfHeight).fill(255);
  let seed = 7;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const luma: FramePlane = { offset: 0, stride: lumaStride, apart: 1, first: 0 };
  const blue: FramePlane = { offset: lumaEnd, stride, apart: isSplit ? 1 : 2, first: 0 };
  const red: FramePlane = isSplit ? { ...blue, offset: lumaEnd + stride * halfHeight } : { ...blue, first: 1 };
  const fill = (plane: FramePlane, columns: number, rows: number, least: number, most: number): void => {
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) {
        const at = plane.offset + y * plane.stride + plane.first + plane.apart * x;
        bytes[at] = least + (most - least) * (0.5 * random() + 0.25 + 0.25 * Math.sin(x / 9 + y / 13));
      }
    }
  };
  fill(luma, width, height, 70, 190);
  fill(blue, halfWidth, halfHeight, 110, 150);
  fill(red, halfWidth, halfHeight, 110, 150);
  return { width, height, bytes, luma, blue, red, colours };
}

/** Each pixel's RGB by the equations of BT.601 and BT.709, its colour that of the four pixels that share it. */
function rgbOf({ width, height, bytes, luma, blue, red, colours }: FramePlanes): PhotoImage {
  const { redWeight, blueWeight, isFullRange } = colours;
  const sample = ({ offset, stride, apart, first }: FramePlane, x: number, y: number): number =>
    bytes[offset + y * stride + first + apart * x]!;
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const light = isFullRange ? sample(luma, x, y) : ((sample(luma, x, y) - 16) * 255) / 219;
      const scale = isFullRange ? 1 : 255 / 224;
      const cb = (sample(blue, x >> 1, y >> 1) - 128) * scale;
      const cr = (sample(red, x >> 1, y >> 1) - 128) * scale;
      const r = light + 2 * (1 - redWeight) * cr;
      const b = light + 2 * (1 - blueWeight) * cb;
      const g = (light - redWeight * r - blueWeight * b) / (1 - redWeight - blueWeight);
      rgba.set([r, g, b], 4 * (y * width + x));
    }
  }
  return { width, height, rgba };
}

describe('planes of a camera’s frame', () => {
  for (const isSplit of [true, false]) {
    for (const colours of [bt601, bt709Full]) {
      const name = `${isSplit ? 'I420' : 'NV12'}, ${colours === bt601 ? 'BT.601' : 'BT.709 of full range'}`;
      it(`are reduced to the means of the frame’s RGB: ${name}`, () => {
        // Blocks of 4 with pixels left over on both sides, and odd sizes.
        for (const [width, height] of [
          [199, 147],
          [97, 161],
        ] as const) {
          const frame = makeFrame(width, height, isSplit, colours);
          const found = reducePlanes(frame, 50);
          const expected = reducePhoto(rgbOf(frame), 50);
          assert.deepEqual([found.width, found.height, found.step], [expected.width, expected.height, expected.step]);
          for (const [channel, plane] of [expected.red, expected.green, expected.blue].entries()) {
            for (const [at, value] of plane.entries()) {
              // Rounded to whole bytes, pixel by pixel there and once here.
              assert.ok(Math.abs(found.rgba[4 * at + channel]! - value) <= 1, `${channel} ${at}`);
            }
          }
        }
      });
    }
  }

  it('may be blocks of odd sizes: luma to the byte, colours shared with the neighbours', () => {
    const frame = makeFrame(150, 90, true, bt601);
    const [found, expected] = [reducePlanes(frame, 50), reducePhoto(rgbOf(frame), 50)];
    assert.equal(found.step, 3);
    for (const [at, green] of expected.green.entries()) {
      const luma = 0.299 * expected.red[at]! + 0.587 * green + 0.114 * expected.blue[at]!;
      const [r, g, b] = found.rgba.subarray(4 * at);
      assert.ok(Math.abs(0.299 * r! + 0.587 * g! + 0.114 * b! - luma) <= 1);
      assert.ok(Math.abs(g! - green) <= 8);
    }
  });

  it('stay what they are where nothing is reduced, and refuse more lines than their sums hold', () => {
    const frame = makeFrame(40, 30, false, bt601);
    const { rgba } = rgbOf(frame);
    for (const [at, value] of reducePlanes(frame, 40).rgba.entries()) assert.ok(Math.abs(value - rgba[at]!) <= 1);
    assert.throws(() => reducePlanes(makeFrame(4, 1032, true, bt601), 4), RangeError);
  });

  it('sum the brightest lines without overflow', () => {
    const frame = makeFrame(8, 257, true, bt709Full);
    frame.bytes.fill(255, 0, frame.blue.offset);
    frame.bytes.fill(128, frame.blue.offset);
    assert.deepEqual([...reducePlanes(frame, 1).rgba], [255, 255, 255, 255]);
  });
});
