/** What tells whether a photograph can be read, on the synthetic X-ray: as it is, and with known flaws. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { blurFeatureNames, blurFeatures } from '../../src/imaging/photo/blur-features.ts';
import { blurWeights } from '../../src/imaging/photo/blur-weights.ts';
import { decodePhoto } from '../../src/imaging/photo/decode-photo.ts';
import { wholePicture } from '../../src/imaging/photo/find-corners.ts';
import { photoLimits } from '../../src/imaging/photo/photo-checks.ts';
import { measureBlur } from '../../src/imaging/photo/photo-blur.ts';
import { measureGlare } from '../../src/imaging/photo/photo-glare.ts';
import { greyPhoto } from '../../src/imaging/photo/photo-grey.ts';
import { measureRipple } from '../../src/imaging/photo/photo-ripple.ts';
import type { PhotoImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { examples } from '../cli/run-cli.ts';

interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}
let xray: Grey;

/** One axis with a kernel of odd length, the edge repeated. */
function convolved({ width, height, data }: Grey, kernel: readonly number[], isAcross: boolean): Grey {
  const reach = (kernel.length - 1) / 2;
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const result = data.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return kernel.reduce((sum, weight, k) => {
      const column = isAcross ? Math.min(width - 1, Math.max(0, x + k - reach)) : x;
      const row = isAcross ? y : Math.min(height - 1, Math.max(0, y + k - reach));
      return sum + (weight * data[row * width + column]!) / total;
    }, 0);
  });
  return { width, height, data: result };
}

/** @param share standard deviation, share of the short side */
function blurred(grey: Grey, share: number): Grey {
  const sigma = share * Math.min(grey.width, grey.height);
  const reach = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)));
  return convolved(convolved(grey, kernel, true), kernel, false);
}

/** Linear light of a lamp, share of white, in a soft disc; sRGB's curve before and after. */
function lit(grey: Grey, light: number, u: number, v: number, radius: number): Grey {
  const { width, height, data } = grey;
  const gamma = 2.2;
  const result = data.map((value, at) => {
    const away = Math.hypot((at % width) / width - u, Math.floor(at / width) / height - v) / radius;
    const share = Math.min(1, Math.max(0, (1.2 - away) / 0.4));
    return Math.min(1, value ** gamma + light * share) ** (1 / gamma);
  });
  return { width, height, data: result };
}

describe('blur of a photograph', () => {
  before(async () => {
    const { photo } = await decodePhoto(
      Uint8Array.from(await readFile(join(examples, 'demo_normal.png'))),
      createNodeCodecs(),
    );
    xray = greyPhoto(photo, wholePicture(photo)).grey;
  });

  it('has a weight for each measurement', () => {
    assert.equal(blurWeights.weights.length, blurFeatureNames.length);
    assert.equal(blurFeatures(xray).length, blurFeatureNames.length);
    assert.ok(blurFeatures(xray).every(Number.isFinite));
  });

  it('grows with a blur in all directions, and is refused beyond the limit', () => {
    const [own, some, more] = [xray, blurred(xray, 0.006), blurred(xray, 0.009)].map(measureBlur);
    assert.ok(own! < photoLimits.blur, `${own}`);
    assert.ok(some! > photoLimits.blur && more! > some!, `${some} ${more}`);
  });

  it('sees the streak of a hand, whichever way it went', () => {
    const length = 2 * Math.round(0.013 * Math.min(xray.width, xray.height)) + 1;
    for (const isAcross of [true, false]) {
      const told = measureBlur(convolved(xray, Array<number>(length).fill(1), isAcross));
      assert.ok(told > photoLimits.blur, `${told}`);
    }
  });

  it('is a number even of a picture that shows nothing', () => {
    for (const side of [1, 3, 30]) {
      const told = measureBlur({ width: side, height: side, data: new Float32Array(side * side).fill(0.4) });
      assert.ok(Number.isFinite(told), `${side}`);
    }
  });
});

describe('glare in a photograph', () => {
  it('is light that a chest has not there, and grows with it', () => {
    const own = measureGlare(xray);
    assert.ok(own < photoLimits.glare, `${own}`);
    for (const [u, v] of [
      [0.28, 0.4],
      [0.7, 0.5],
    ] as const) {
      const [faint, strong] = [measureGlare(lit(xray, 0.12, u, v, 0.1)), measureGlare(lit(xray, 0.6, u, v, 0.1))];
      assert.ok(strong > photoLimits.glare && strong > faint, `${faint} ${strong}`);
    }
  });

  it('is not light that falls on everything', () => {
    const brighter = { ...xray, data: xray.data.map((value) => 0.2 + 0.8 * value) };
    assert.ok(measureGlare(brighter) < photoLimits.glare, `${measureGlare(brighter)}`);
  });

  it('is not looked for in a few pixels', () => {
    assert.equal(measureGlare({ width: 23, height: 60, data: new Float32Array(23 * 60).fill(1) }), 0);
  });
});

describe('stripes in a photograph', () => {
  /** The X-ray as a photograph with grain, each pixel's light changed by `change`. */
  function photographed(change: (x: number, y: number, channel: number) => number): PhotoImage {
    const { width, height, data } = xray;
    let seed = 11;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let at = 0; at < width * height; at += 1) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const grain = 5 * (random() + random() - 1);
      for (let channel = 0; channel < 3; channel += 1) {
        rgba[4 * at + channel] = 255 * data[at]! * change(x, y, channel) + grain;
      }
    }
    return { width, height, rgba };
  }

  function ripple(change: (x: number, y: number, channel: number) => number): number {
    const photo = photographed(change);
    return measureRipple(photo, wholePicture(photo));
  }

  it('are a screen’s moiré, in luma or in colours, of any direction', () => {
    const none = ripple(() => 1);
    assert.ok(none < photoLimits.ripple, `${none}`);
    for (const [across, down] of [
      [0.21, 0.03],
      [-0.04, 0.17],
      [0.13, 0.19],
    ] as const) {
      const told = ripple((x, y) => 1 + 0.06 * Math.cos(2 * Math.PI * (across * x + down * y)));
      assert.ok(told > photoLimits.ripple, `${told}`);
      const coloured = ripple(
        (x, y, channel) => 1 + 0.15 * Math.cos(2 * Math.PI * (across * x + down * y + channel / 3)),
      );
      assert.ok(coloured > photoLimits.ripple, `${coloured}`);
    }
  });

  it('are not the blocks of a JPEG, nor an edge', () => {
    const blocks = ripple((x, y) => (x % 8 === 0 || y % 8 === 0 ? 1.05 : 1));
    assert.ok(blocks < photoLimits.ripple, `${blocks}`);
    const edge = ripple((x, y) => (x + 0.4 * y > 0.7 * xray.width ? 1.3 : 0.8));
    assert.ok(edge < photoLimits.ripple, `${edge}`);
  });

  it('are not looked for in the dark, nor where no tile fits', () => {
    assert.equal(
      ripple(() => 0.01),
      0,
    );
    const small = { width: 60, height: 60, rgba: new Uint8ClampedArray(4 * 3600).fill(128) };
    assert.equal(measureRipple(small, wholePicture(small)), 0);
  });
});
