import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isConvex } from '../../src/imaging/photo/film-pose.ts';
import { findEdges } from '../../src/imaging/photo/edge-map.ts';
import { findCorners, searchedSide } from '../../src/imaging/photo/find-corners.ts';
import { faintNeighbours } from '../../src/imaging/photo/faint-sides.ts';
import { findLines } from '../../src/imaging/photo/find-lines.ts';
import { applyHomography, homographyBetween } from '../../src/imaging/photo/homography.ts';
import { meanChest } from '../../src/imaging/photo/mean-chest.ts';
import { photoTones } from '../../src/imaging/photo/photo-tones.ts';
import {
  cornerDistance,
  neighboursOf,
  quadCandidates,
  quadOfFrame,
  type Quad,
} from '../../src/imaging/photo/quad-candidates.ts';
import { reducePhoto } from '../../src/imaging/photo/reduce-photo.ts';
import { sideFeatureCount, sideFeatures } from '../../src/imaging/photo/side-features.ts';
import type { Corners, PhotoImage } from '../../src/shared/analysis.ts';

const [width, height] = [480, 360];

function box(left: number, top: number, right: number, bottom: number): Corners {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const unitSquare = box(0, 0, 1, 1);

/** What lies at a place of the plane in which the X-ray is the unit square: grey, 0..255. */
type Scene = (u: number, v: number) => number;

function draw(corners: Corners, sceneAt: Scene): PhotoImage {
  const map = homographyBetween(corners, unitSquare);
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [u, v] = applyHomography(map, x + 1 / 2, y + 1 / 2);
      const value = sceneAt(u, v);
      rgba.set([value, value, value, 255], 4 * (y * width + x));
    }
  }
  return { width, height, rgba };
}

function chestAt(u: number, v: number): number {
  const { side, leftHalves } = meanChest;
  const column = Math.min(side - 1, Math.floor(u * side));
  const row = Math.min(side - 1, Math.floor(v * side));
  return leftHalves[row]![column < side / 2 ? column : side - 1 - column]! / 100;
}

const isWithin = (u: number, v: number, margin: number): boolean =>
  u >= -margin && u < 1 + margin && v >= -margin && v < 1 + margin;

function nearest(quads: readonly Quad[], corners: Corners): Quad {
  const off = quads.map((quad) => cornerDistance(quad.corners, corners));
  return quads[off.indexOf(Math.min(...off))]!;
}

const tilted: Corners = [
  { x: 128, y: 64 },
  { x: 340, y: 80 },
  { x: 352, y: 288 },
  { x: 112, y: 280 },
];

/** An X-ray on a black screen that is a little larger, in a pale frame, before a grey wall. */
const onScreen: Scene = (u, v) => {
  if (isWithin(u, v, 0)) return 120 + 45 * chestAt(u, v);
  if (isWithin(u, v, 0.05)) return 8;
  return isWithin(u, v, 0.12) ? 190 : 70;
};

describe('corners of an X-ray', () => {
  it('are those of the image on a screen, not of the screen three hundredths beside, and a monitor is guessed', () => {
    const [likeliest] = findCorners(draw(tilted, onScreen));
    const off = cornerDistance(likeliest.corners, tilted) / Math.hypot(width, height);
    assert.ok(off < 0.01, `${off}`);
    assert.equal(likeliest.inputKind, 'monitor');
  });

  it('are those of a film on a bright pane, and a film is guessed', () => {
    const onPane: Scene = (u, v) => (isWithin(u, v, 0) ? 70 + 35 * chestAt(u, v) : isWithin(u, v, 0.2) ? 240 : 20);
    const [likeliest] = findCorners(draw(tilted, onPane));
    const off = cornerDistance(likeliest.corners, tilted) / Math.hypot(width, height);
    assert.ok(off < 0.01, `${off}`);
    assert.equal(likeliest.inputKind, 'film');
  });

  it('are found, or the whole picture is taken, where lines all but meet in one place', () => {
    // Among the crossings of this triangle's sides with the frame are three on one line.
    const triangle = [
      [370, 94],
      [270, 234],
      [101, 334],
    ] as const;
    const isInside = (x: number, y: number): boolean =>
      triangle.every(([fromX, fromY], index) => {
        const [toX, toY] = triangle[(index + 1) % triangle.length]!;
        return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX) > 0;
      });
    const frame = box(0, 0, width, height);
    const photo = draw(frame, (u, v) => {
      return isInside(Math.round(u * width - 1 / 2), Math.round(v * height - 1 / 2)) ? 220 : 30;
    });
    for (const { corners } of findCorners(photo)) assert.ok(isConvex(corners), JSON.stringify(corners));
  });
});

describe('neighbours of a candidate', () => {
  it('have one side on another line near it, and corners in order', () => {
    const small = reducePhoto(draw(tilted, onScreen), searchedSide);
    const lines = findLines(findEdges(small));
    const quad = nearest(quadCandidates(lines, width, height), tilted);
    const neighbours = neighboursOf(quad, lines, width, height);
    assert.ok(neighbours.length >= 4, `${neighbours.length}: at least the screen's edge beside each side`);
    for (const { corners, sides } of neighbours) {
      assert.equal(sides.filter(({ line }, index) => line !== quad.sides[index]!.line).length, 1);
      assert.ok(isConvex(corners));
    }
  });
});

describe('faint edges beside a side', () => {
  /** An X-ray with a black margin at its right, on a screen that is black too but for a shade, under noise; 0..255. */
  const shadeApart = (noise: number, step: number): PhotoImage => {
    let state = 1;
    const next = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647 - 1 / 2;
    };
    const blackOnBlack: Scene = (u, v) => {
      const isMargin = isWithin(u, v, 0) && u >= 0.9;
      const plain = isMargin
        ? 20
        : isWithin(u, v, 0)
          ? 120 + 45 * chestAt(u, v)
          : isWithin(u, v, 0.12)
            ? 20 + step
            : 170;
      return plain + noise * next();
    };
    return draw(tilted, blackOnBlack);
  };
  /** Around the image with its margin cut off: the line that is seen best. */
  const cutOff = (
    photo: PhotoImage,
  ): { quad: Quad; off: (quads: readonly Quad[]) => number; found: readonly Quad[] } => {
    const small = reducePhoto(photo, searchedSide);
    const edges = findEdges(small);
    const lines = findLines(edges);
    const map = homographyBetween(unitSquare, tilted);
    const at = (u: number, v: number) => {
      const [x, y] = applyHomography(map, u, v);
      return { x, y };
    };
    const quad = nearest(quadCandidates(lines, width, height), [tilted[0], at(0.9, 0), at(0.9, 1), tilted[3]]);
    /** Of the corner at the margin's lower end, pixels. */
    const off = (quads: readonly Quad[]): number =>
      Math.min(...quads.map(({ corners }) => Math.hypot(corners[2].x - tilted[2].x, corners[2].y - tilted[2].y)));
    return { quad, off, found: faintNeighbours(quad, photoTones(small), edges) };
  };

  it('are found where no pixel tells them from noise', () => {
    const { quad, off, found } = cutOff(shadeApart(8, 4));
    assert.ok(off([quad]) > 15, `${off([quad])}: the margin is cut off`);
    assert.ok(off(found) < 4, `${off(found)}`);
  });

  it('are not made up where there is none', () => {
    const { off, found } = cutOff(shadeApart(8, 0));
    assert.ok(off(found) > 6, `${off(found)}`);
  });
});

describe('what is seen across the sides', () => {
  /** Means of luma from outside to inside: the first numbers of a side. */
  const outermost = 0;
  const innermost = 12;

  it('is told from outside to inside, of the top, right, bottom and left side', () => {
    const tones = [40, 90, 140, 190];
    const photo = draw(tilted, (u, v) => {
      if (isWithin(u, v, 0)) return 230;
      const beyond = [-v, u - 1, v - 1, -u];
      return tones[beyond.indexOf(Math.max(...beyond))]!;
    });
    const small = reducePhoto(photo, searchedSide);
    const lines = findLines(findEdges(small));
    const quad = nearest(quadCandidates(lines, width, height), tilted);
    sideFeatures(quad, photoTones(small)).forEach((side, index) => {
      assert.equal(side.length, sideFeatureCount);
      assert.ok(Math.abs(side[outermost]! * 255 - tones[index]!) < 12, `side ${index}: ${side[outermost]! * 255}`);
      assert.ok(Math.abs(side[innermost]! * 255 - 230) < 3, `side ${index}: ${side[innermost]! * 255}`);
    });
  });

  it('says where a side is the edge of the photograph', () => {
    const small = reducePhoto(draw(tilted, onScreen), searchedSide);
    const frame = quadOfFrame(findLines(findEdges(small)), width, height);
    for (const side of sideFeatures(frame, photoTones(small))) {
      // Of two outer lines the share beyond the frame, and that the side is the frame's.
      assert.deepEqual([...side.slice(-5, -2)], [1, 1, 1]);
    }
  });
});
