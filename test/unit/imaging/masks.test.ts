import { expect } from '@open-wc/testing';
import { traceContours } from '../../../src/imaging/mask-contours.ts';
import { areaOf, largestParts, maskAt, unionOf, type Mask } from '../../../src/imaging/mask-parts.ts';
import { measureRatioLines, type LogitMap } from '../../../src/imaging/transverse-lines.ts';
import type { Contour } from '../../../src/shared/anatomy.ts';
import { ratioOf } from '../../../src/shared/anatomy.ts';

type Shape = (x: number, y: number) => number;

/** Values of a formula at the pixel centres, in pixels; positive inside. */
function draw(width: number, height: number, shape: Shape): LogitMap {
  const logits = Float32Array.from({ length: width * height }, (_, at) => {
    return shape((at % width) + 0.5, Math.floor(at / width) + 0.5);
  });
  return { width, height, logits };
}

const disc =
  (centreX: number, centreY: number, radius: number): Shape =>
  (x, y) =>
    radius - Math.hypot(x - centreX, y - centreY);

const any =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.max(...shapes.map((shape) => shape(x, y)));

function maskOf({ width, height, logits }: LogitMap): Mask {
  return maskAt(logits, width, height, 0);
}

function contoursOf(map: LogitMap): readonly Contour[] {
  return traceContours(map.logits, maskOf(map));
}

/** By the shoelace formula, in shares; its sign tells the direction. */
function areaInside(contour: Contour): number {
  const count = contour.length / 2;
  let twice = 0;
  for (let at = 0; at < count; at += 1) {
    const next = (at + 1) % count;
    twice += contour[at * 2]! * contour[next * 2 + 1]! - contour[next * 2]! * contour[at * 2 + 1]!;
  }
  return twice / 2;
}

describe('parts of a mask', () => {
  it('keeps the largest, largest first, and leaves specks out', () => {
    const map = draw(40, 30, any(disc(8, 8, 5), disc(28, 15, 9), disc(3, 27, 1)));
    const parts = largestParts(maskOf(map), 3);
    expect(parts.map(areaOf)).to.deep.equal([256, 80]);
    expect(largestParts(maskOf(map), 1).map(areaOf)).to.deep.equal([256]);
  });

  it('holds pixels that touch with a corner for apart', () => {
    const inside = Uint8Array.from([1, 0, 0, 1]);
    expect(largestParts({ width: 2, height: 2, inside }, 4)).to.have.length(2);
  });

  it('fills a hole, and not a bay that opens at the edge of the picture', () => {
    const ring = draw(20, 20, (x, y) => Math.min(disc(10, 10, 8)(x, y), -disc(10, 10, 3)(x, y)));
    const bay: Shape = (x, y) => (x > 9 && x < 11 && y < 10 ? -1 : disc(10, 10, 8)(x, y));
    const whole = areaOf(maskOf(draw(20, 20, disc(10, 10, 8))));
    expect(areaOf(largestParts(maskOf(ring), 1)[0]!)).to.equal(whole);
    expect(areaOf(largestParts(maskOf(draw(20, 20, bay)), 1)[0]!)).to.equal(areaOf(maskOf(draw(20, 20, bay))));
  });

  it('joins masks, and no masks into an empty one', () => {
    const parts = largestParts(maskOf(draw(40, 30, any(disc(8, 8, 5), disc(28, 15, 9)))), 2);
    expect(areaOf(unionOf(parts, 40, 30))).to.equal(336);
    expect(areaOf(unionOf([], 40, 30))).to.equal(0);
  });
});

describe('contours', () => {
  it('runs between the pixels: the area of a disc is its own to a hundredth', () => {
    const [contour, ...more] = contoursOf(draw(60, 40, disc(30.3, 19.6, 12)));
    expect(more).to.deep.equal([]);
    const expected = (Math.PI * 12 ** 2) / (60 * 40);
    expect(Math.abs(areaInside(contour!))).to.be.closeTo(expected, expected * 0.01);
    expect(contour!.length).to.be.lessThan(2 * 60);
  });

  it('goes around a hole in the other direction', () => {
    const ring = draw(40, 40, (x, y) => Math.min(disc(20, 20, 15)(x, y), -disc(20, 20, 6)(x, y)));
    const areas = contoursOf(ring)
      .map(areaInside)
      .sort((a, b) => a - b);
    expect(areas).to.have.length(2);
    expect(areas[0]).to.be.closeTo((-Math.PI * 15 ** 2) / 1600, 0.005);
    expect(areas[1]).to.be.closeTo((Math.PI * 6 ** 2) / 1600, 0.002);
  });

  it('closes along the edge of the picture, and never leaves it', () => {
    const [contour] = contoursOf(draw(40, 40, disc(0, 20, 10)));
    expect(Math.min(...contour!)).to.equal(0);
    expect(Math.abs(areaInside(contour!))).to.be.closeTo((Math.PI * 100) / 2 / 1600, 0.002);
    const [whole] = contoursOf(draw(8, 8, () => 1));
    expect(Math.abs(areaInside(whole!))).to.be.closeTo(1, 0.02);
  });

  it('draws only what the mask keeps, with its holes filled', () => {
    const map = draw(
      40,
      30,
      any(disc(8, 8, 5), (x, y) => Math.min(disc(28, 15, 9)(x, y), -disc(28, 15, 3)(x, y))),
    );
    const [kept] = largestParts(maskOf(map), 1);
    const contours = traceContours(map.logits, kept!);
    expect(contours).to.have.length(1);
    expect(contours[0]!.filter((_, at) => at % 2 === 0).every((x) => x > 0.4)).to.equal(true);
  });

  it('parts two discs that touch with a corner, and joins them where the middle is inside', () => {
    const corners = (middle: number) => (x: number, y: number) => (x < 2 === y < 2 ? 1 : -middle);
    expect(contoursOf(draw(4, 4, corners(2)))).to.have.length(2);
    expect(contoursOf(draw(4, 4, corners(0.5)))).to.have.length(1);
  });

  it('is empty without a mask', () => {
    expect(contoursOf(draw(8, 8, () => -1))).to.deep.equal([]);
  });
});

describe('the lines of the cardiothoracic ratio', () => {
  const lungs = draw(100, 80, any(disc(25.3, 40, 18), disc(74.6, 40, 16)));
  const heart = draw(100, 80, disc(53.2, 55, 12.5));
  const atOutline = { lungs: 0, heart: 0 };

  it('is as wide as the heart over the widest row from rib to rib', () => {
    const lines = measureRatioLines(lungs, heart, atOutline)!;
    expect(lines.heart.left).to.be.closeTo(0.407, 0.002);
    expect(lines.heart.right).to.be.closeTo(0.657, 0.002);
    expect(lines.thorax.left).to.be.closeTo(0.073, 0.002);
    expect(lines.thorax.right).to.be.closeTo(0.906, 0.002);
    expect(lines.thorax.y).to.be.closeTo(0.5, 0.01);
    expect(ratioOf(lines)).to.be.closeTo(25 / 83.3, 0.003);
  });

  it('grows with the level at which the heart ends, and shrinks with that of the lungs', () => {
    const ratioAt = (lungLevel: number, heartLevel: number): number =>
      ratioOf(measureRatioLines(lungs, heart, { lungs: lungLevel, heart: heartLevel })!);
    expect(ratioAt(0, -1)).to.be.greaterThan(ratioAt(0, 0));
    expect(ratioAt(-1, 0)).to.be.lessThan(ratioAt(0, 0));
  });

  it('ends at the edge of the picture where a lung does', () => {
    const cut = draw(100, 80, any(disc(5, 40, 18), disc(74.6, 40, 16)));
    expect(measureRatioLines(cut, heart, atOutline)!.thorax.left).to.equal(0);
  });

  it('needs a heart and both lungs; a single part counts where it is as wide as both', () => {
    const none = draw(100, 80, () => -1);
    const one = draw(100, 80, disc(25, 40, 18));
    const merged = draw(
      100,
      80,
      any(disc(25.3, 40, 18), disc(74.6, 40, 16), (x, y) => 2 - Math.hypot((x - 50) / 15, y - 40)),
    );
    expect(measureRatioLines(lungs, none, atOutline)).to.equal(undefined);
    expect(measureRatioLines(none, heart, atOutline)).to.equal(undefined);
    expect(measureRatioLines(one, heart, atOutline)).to.equal(undefined);
    expect(measureRatioLines(merged, heart, atOutline)?.thorax.left).to.be.closeTo(0.073, 0.002);
  });
});
