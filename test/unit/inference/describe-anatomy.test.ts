import { expect } from '@open-wc/testing';
import type { LogitMap } from '../../../src/imaging/transverse-lines.ts';
import {
  anatomyReasons,
  cutOffShare,
  describeAnatomy,
  evidenceInside,
} from '../../../src/inference/describe-anatomy.ts';
import type { LungsManifest } from '../../../src/shared/pack.ts';

const side = 80;
const manifest = {
  id: 'lungs',
  version: '1.0.0',
  ratioError: { meanAbsolute: 0.01, percentile90: 0.03, patients: 40, testSet: 'none' },
} as LungsManifest;

type Shape = (x: number, y: number) => number;

/** Logits that rise by `slope` a pixel from the outline inwards. */
function draw(shape: Shape, slope: number): LogitMap {
  const logits = Float32Array.from({ length: side ** 2 }, (_, at) => {
    return slope * shape((at % side) + 0.5, Math.floor(at / side) + 0.5);
  });
  return { width: side, height: side, logits };
}

const disc =
  (centreX: number, centreY: number, radius: number): Shape =>
  (x, y) =>
    radius - Math.hypot(x - centreX, y - centreY);
const lungsAt =
  (left: number, right: number, y = 36): Shape =>
  (...place) =>
    Math.max(disc(left, y, 14)(...place), disc(right, y, 14)(...place));
const none: Shape = () => -1;

function describeShapes(lungs: Shape, heart: Shape, slope = 4) {
  return describeAnatomy({ lungs: draw(lungs, slope), heart: draw(heart, slope) }, manifest);
}

describe('anatomy', () => {
  it('has two lungs, a heart, a box around the lungs and the ratio of their widths', () => {
    const { anatomy } = describeShapes(lungsAt(22, 58), disc(42, 48, 11));
    expect(anatomy.pack).to.equal('lungs@1.0.0');
    expect([anatomy.lungs.length, anatomy.heart.length]).to.deep.equal([2, 1]);
    expect(anatomy.ratio?.value).to.be.closeTo(22 / 64, 0.005);
    expect(anatomy.box).to.deep.equal({ x: 8 / 80, y: 22 / 80, width: 64 / 80, height: 28 / 80 });
    expect(anatomy.cutOff).to.deep.equal([]);
  });

  it('is never more certain of the ratio than its measured error, and less where the outlines are vague', () => {
    const certain = describeShapes(lungsAt(22, 58), disc(42, 48, 11), 50).anatomy.ratio!;
    expect(certain.interval[0]).to.be.closeTo(certain.value - 0.03, 1e-6);
    expect(certain.interval[1]).to.be.closeTo(certain.value + 0.03, 1e-6);
    const vague = describeShapes(lungsAt(22, 58), disc(42, 48, 11), 0.4).anatomy.ratio!;
    expect(vague.interval[0]).to.be.lessThan(vague.value - 0.06);
    expect(vague.interval[1]).to.be.greaterThan(vague.value + 0.06);
  });

  it('finds nothing where there are no lungs, whatever looks like a heart', () => {
    const { anatomy } = describeShapes(disc(20, 20, 4), disc(42, 48, 11));
    expect(anatomy.lungs).to.deep.equal([]);
    expect(anatomy.heart).to.deep.equal([]);
    expect(anatomy).not.to.have.any.keys('box', 'ratio');
  });

  it('tells no ratio where the heart is missing, tiny, or beside the chest', () => {
    for (const heart of [none, disc(42, 48, 5), disc(76, 60, 9)]) {
      expect(describeShapes(lungsAt(22, 58), heart).anatomy).not.to.have.property('ratio');
    }
  });

  it('says on which side a lung goes on beyond the picture, and warns where it is more than an angle', () => {
    const { anatomy } = describeShapes(lungsAt(6, 58), disc(42, 48, 11));
    expect(anatomy.cutOff.map((lung) => lung.side)).to.deep.equal(['left']);
    const [cut] = anatomy.cutOff;
    expect(cut!.share).to.be.closeTo((2 * Math.sqrt(14 ** 2 - 6 ** 2)) / side, 0.03);
    expect(anatomyReasons(anatomy)).to.deep.equal([
      { code: 'cut-off', severity: 'warn', value: cut!.share, threshold: cutOffShare, source: 'lungs@1.0.0' },
    ]);
    const touching = describeShapes(lungsAt(13.4, 58), disc(42, 48, 11)).anatomy;
    expect(touching.cutOff).to.have.length(1);
    expect(anatomyReasons(touching)).to.deep.equal([]);
    expect(anatomyReasons(undefined)).to.deep.equal([]);
  });

  it('tells the share of a map’s evidence that lies inside the lungs, on the part that the map covers', () => {
    const { lungs } = describeShapes(lungsAt(20, 60, 40), none);
    // The picture is twice as wide as high, the map covers its middle square: the inner halves of both lungs.
    const placement = { width: 200, height: 100, field: { x: 50, y: 0, width: 100, height: 100 } };
    const map = (values: number[]) => ({ width: 2, height: 2, values });
    const shares = evidenceInside(
      lungs,
      { all: map([1, 1, 1, 1]), left: map([1, 0, 1, 0]), negative: map([-1, -2, 0, -1]) },
      placement,
    );
    const half = (Math.PI * 14 ** 2) / 2;
    expect(shares['all']).to.be.closeTo((2 * half) / (40 * 80), 0.01);
    expect(shares['left']).to.be.closeTo(half / (20 * 80), 0.01);
    expect(shares).not.to.have.property('negative');
  });
});
