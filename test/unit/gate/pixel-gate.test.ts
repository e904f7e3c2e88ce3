import { expect } from '@open-wc/testing';
import { gateOnPixels, pixelLimits } from '../../../src/inference/gate/pixel-gate.ts';
import { measurePixelSigns } from '../../../src/inference/gate/pixel-signs.ts';
import { joinReasons } from '../../../src/inference/gate/verdict.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { chest, noise, picture, print, slice } from './synthetic-pictures.ts';

const codesOf = (image: GrayImage): string[] => gateOnPixels(image).map(({ code }) => code);

describe('gateOnPixels', () => {
  it('says nothing about a chest', () => {
    expect(codesOf(picture(chest))).to.deep.equal([]);
  });

  it('says nothing about a chest with another exposure, on a black plate, or wider than high', () => {
    expect(codesOf(picture((x, y) => 0.2 + 0.3 * chest(x, y)))).to.deep.equal([]);
    const onPlate = picture((x, y) => (Math.max(Math.abs(x), Math.abs(y)) > 0.85 ? 0 : chest(x / 0.85, y / 0.85)));
    expect(codesOf(onPlate)).to.deep.equal([]);
    expect(codesOf(picture(chest, 645, 516))).to.deep.equal([]);
  });

  it('lets a photograph of a film pass whose lungs are seen, whatever its tint', () => {
    expect(codesOf(picture(chest, 512, 512, 0.3))).to.deep.equal([]);
  });

  it('doubts a coloured picture without clear lungs', () => {
    const reasons = gateOnPixels(picture((x, y) => 0.5 + 0.3 * x + 0.1 * y, 512, 512, 0.3));
    const reason = reasons.find(({ code }) => code === 'not-an-xray');
    expect(reason?.value).to.equal(0.3);
    expect(reason?.threshold).to.equal(pixelLimits.meanChroma);
  });

  it('refuses print, noise and an empty picture', () => {
    for (const image of [picture(print), picture(noise()), picture(() => 1), picture(() => 0)]) {
      expect(joinReasons(gateOnPixels(image)).verdict).to.equal('refuse');
    }
  });

  it('takes hard edges for another modality', () => {
    expect(codesOf(picture(slice))).to.include('other-modality');
  });

  it('names a negative', () => {
    expect(codesOf(picture((x, y) => 1 - chest(x, y)))).to.include('inverted');
  });

  it('names a chest that is only seen in part by its shape', () => {
    const reason = gateOnPixels(picture(chest, 1000, 500)).find(({ code }) => code === 'cut-off');
    expect(reason?.value).to.equal(2);
    expect(reason?.threshold).to.equal(pixelLimits.elongation);
  });

  it('names a lopsided picture without clear lungs a lateral, but only where nothing stronger speaks', () => {
    const lateral = picture(
      (x, y) => 0.25 + 0.3 * (x + 1) + 0.15 * Math.sin(3 * y) - 0.25 * Math.exp(-8 * (x * x + y * y)),
    );
    const signs = measurePixelSigns(lateral);
    const doubtful = { ...signs, lungFields: 0.5, symmetry: 0.2 };
    expect(gateOnPixels(lateral, doubtful).map(({ code }) => code)).to.deep.equal(['lateral']);
    expect(gateOnPixels(lateral, { ...doubtful, lungFields: 0.6 })).to.deep.equal([]);
    const hand = { ...doubtful, lungFields: 0.2 };
    expect(gateOnPixels(lateral, hand).map(({ code }) => code)).to.deep.equal(['other-body-part']);
  });

  it('finds a picture too small below what the network looks at, not at it', () => {
    expect(codesOf(picture(chest, 224))).to.deep.equal([]);
    expect(codesOf(picture(chest, 223))).to.deep.equal(['low-resolution']);
  });

  it('gives every reason its value and limit, and only ever warns', () => {
    for (const image of [picture(print), picture(slice), picture(noise(), 64), picture(() => 0, 400, 100)]) {
      const reasons = gateOnPixels(image);
      expect(reasons).not.to.be.empty;
      for (const { severity, value, threshold } of reasons) {
        expect(severity).to.equal('warn');
        expect(Number.isFinite(value)).to.be.true;
        expect(Number.isFinite(threshold)).to.be.true;
      }
      expect(new Set(reasons.map(({ code }) => code)).size).to.equal(reasons.length);
    }
  });

  it('measures the same at any resolution', () => {
    const small = measurePixelSigns(picture(chest, 256));
    const large = measurePixelSigns(picture(chest, 1024));
    for (const sign of ['detail', 'lungFields', 'symmetry', 'commonTones', 'blackFrame'] as const) {
      expect(large[sign], sign).to.be.closeTo(small[sign], 0.01);
    }
  });

  it('stands pictures of one pixel and of one line', () => {
    expect(() => gateOnPixels(picture(() => 0.5, 1))).not.to.throw();
    expect(() => gateOnPixels(picture(() => 0.5, 3000, 1))).not.to.throw();
  });
});
