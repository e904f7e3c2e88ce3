import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { undoOrientation, type Orientation } from '../../src/imaging/exif-orientation.ts';
import { findBorder } from '../../src/imaging/photo/crop-border.ts';
import { decodePhoto } from '../../src/imaging/photo/decode-photo.ts';
import { filmPose, isConvex } from '../../src/imaging/photo/film-pose.ts';
import { findCorners, wholePicture } from '../../src/imaging/photo/find-corners.ts';
import { applyHomography, homographyBetween } from '../../src/imaging/photo/homography.ts';
import { meanChest } from '../../src/imaging/photo/mean-chest.ts';
import { checkPhoto } from '../../src/imaging/photo/photo-checks.ts';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import { rectifiedSize, rectify } from '../../src/imaging/photo/rectify.ts';
import { rectifyPhoto } from '../../src/imaging/photo/rectify-photo.ts';
import { reduceColours } from '../../src/imaging/photo/reduce-colours.ts';
import { stretchTones } from '../../src/imaging/photo/stretch-tones.ts';
import { resizeArea } from '../../src/imaging/resize.ts';
import type { Corners, ImageSource, PhotoImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { examples } from '../cli/run-cli.ts';
import { filmCorners } from '../fixtures/photographs/known-corners.ts';

const fixtures = join(examples, '../photographs');

const tilted: Corners = [
  { x: 130, y: 90 },
  { x: 470, y: 60 },
  { x: 510, y: 420 },
  { x: 90, y: 400 },
];

const source: ImageSource = {
  kind: 'raster',
  inputKind: 'digital',
  format: 'jpeg',
  storedWidth: 640,
  storedHeight: 480,
  orientation: 1,
  bitsPerSample: 8,
};

/** A chest of few tones, bluish, on a bright pane in a dark room; `corners` of the film. */
function drawPhotograph(corners: Corners, width = 640, height = 480): PhotoImage {
  const map = homographyBetween(corners, wholePicture({ width: 1, height: 1 }));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [u, v] = applyHomography(map, x + 0.5, y + 0.5);
      const isPane = x > 30 && x < 600 && y > 20 && y < 460;
      const isFilm = u >= 0 && u < 1 && v >= 0 && v < 1;
      const value = isFilm ? 90 + 35 * chestAt(u, v) : isPane ? 235 : 15;
      rgba.set(isFilm ? [0.85 * value, value, 1.1 * value, 255] : [value, value, value, 255], 4 * (y * width + x));
    }
  }
  return { width, height, rgba };
}

function chestAt(u: number, v: number): number {
  const { side, leftHalves } = meanChest;
  const column = Math.min(side - 1, Math.floor(u * side));
  return leftHalves[Math.min(side - 1, Math.floor(v * side))]![column < side / 2 ? column : side - 1 - column]! / 100;
}

describe('a plane seen by a camera', () => {
  it('takes four points to four points, and all between along', () => {
    const map = homographyBetween(wholePicture({ width: 4, height: 3 }), tilted);
    wholePicture({ width: 4, height: 3 }).forEach(({ x, y }, index) => {
      const [toX, toY] = applyHomography(map, x, y);
      assert.ok(Math.hypot(toX - tilted[index]!.x, toY - tilted[index]!.y) < 1e-9);
    });
    const back = homographyBetween(tilted, wholePicture({ width: 4, height: 3 }));
    const [x, y] = applyHomography(back, ...applyHomography(map, 1.3, 2.1));
    assert.ok(Math.hypot(x - 1.3, y - 2.1) < 1e-9);
  });

  it('refuses three corners on a line', () => {
    const flat: Corners = [tilted[0], { x: 300, y: 75 }, tilted[1], tilted[3]];
    assert.throws(() => homographyBetween(wholePicture({ width: 1, height: 1 }), flat), RangeError);
    assert.equal(isConvex(flat), false);
    assert.equal(isConvex(tilted), true);
    assert.equal(isConvex([tilted[3], tilted[2], tilted[1], tilted[0]]), false);
  });

  it('knows the tilt and the shape of a film again', () => {
    // 0.8 wide and 1 high, 25° about a level axis, 2 away, seen by a camera of focal length 0.83 · 1,000 pixels.
    const tilt = (25 * Math.PI) / 180;
    const corners = wholePicture({ width: 0.8, height: 1 }).map(({ x, y }) => {
      const depth = 2 + (y - 0.5) * Math.sin(tilt);
      return { x: 375 + (830 * (x - 0.4)) / depth, y: 500 + (830 * (y - 0.5) * Math.cos(tilt)) / depth };
    }) as unknown as Corners;
    const pose = filmPose(corners, { width: 750, height: 1000 });
    assert.ok(Math.abs(pose.tiltDegrees - 25) < 1e-6, `${pose.tiltDegrees}`);
    assert.ok(Math.abs(pose.aspect - 0.8) < 1e-6, `${pose.aspect}`);
    const { width, height } = rectifiedSize(corners, { width: 750, height: 1000 });
    assert.ok(Math.abs(width / height - 0.8) < 0.005);
  });
});

describe('rectifying', () => {
  it('gives back what was laid into the picture', () => {
    const map = homographyBetween(tilted, wholePicture({ width: 1, height: 1 }));
    const value = (u: number, v: number): number => 0.5 + 0.4 * Math.sin(9 * u) * Math.cos(7 * v);
    const data = new Float32Array(640 * 480);
    for (let at = 0; at < data.length; at += 1) {
      data[at] = value(...applyHomography(map, (at % 640) + 0.5, Math.floor(at / 640) + 0.5));
    }
    for (const [width, height] of [
      [320, 300],
      [100, 90],
    ] as const) {
      const flat = rectify({ width: 640, height: 480, data }, tilted, { width, height });
      let worst = 0;
      flat.data.forEach((found, at) => {
        const expected = value(((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height);
        worst = Math.max(worst, Math.abs(found - expected));
      });
      assert.ok(worst < 0.003, `${width}: ${worst}`);
    }
  });

  it('cuts a rim of light off, and nothing of a chest', () => {
    const [width, height] = [200, 220];
    const data = Float32Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      return x < 5 || y >= height - 4 ? 0.95 : 0.4 + 0.1 * chestAt(x / width, y / height);
    });
    const border = findBorder({ width, height, data });
    assert.ok(border.x >= 5 && border.x <= 8, `${border.x}`);
    assert.equal(border.y, 0);
    assert.equal(border.x + border.width, width);
    assert.ok(border.height >= height - 7 && border.height <= height - 4, `${border.height}`);
  });

  it('cuts the dark room around a film only where nobody found its corners', () => {
    // A light box, squashed: a third of the picture above and a fifth below it are dark.
    const [width, height] = [300, 300];
    const rgba = new Uint8ClampedArray(4 * width * height);
    for (let at = 0; at < width * height; at += 1) {
      const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
      const value = y < 1 / 3 || y >= 0.8 ? 6 : 90 + 60 * chestAt(x, (y - 1 / 3) / (0.8 - 1 / 3));
      rgba.set([value, value, value, 255], 4 * at);
    }
    const photo = { width, height, rgba };
    const corners = wholePicture(photo);
    const rectified = (placedBy: 'person' | 'whole-picture'): number =>
      rectifyPhoto(photo, { corners, placedBy, inputKind: 'film' }, source).height;
    assert.equal(rectified('person'), height);
    const left = rectified('whole-picture');
    assert.ok(left > 0.44 * height && left < 0.48 * height, `${left}`);
  });

  it('spreads tones between black and white, and leaves a lamp out of it', () => {
    const values = Float32Array.from({ length: 1000 }, (_, at) => (at < 50 ? 1 : 0.2 + (0.3 * at) / 1000));
    const stretched = stretchTones(values);
    const film = stretched.subarray(50);
    assert.ok(Math.min(...film) < 0.02 && Math.max(...film) > 0.99);
    assert.ok(Math.abs(film[475]! - 0.5) < 0.05, `${film[475]}`);
  });
});

describe('reading a photograph', () => {
  it('reduces colours as the one resize kernel does, whatever the orientation', () => {
    const [width, height] = [37, 23];
    const samples = Uint8Array.from({ length: width * height }, (_, at) => (at * 89) % 251);
    const rows = {
      width,
      height,
      channels: 1 as const,
      white: 255,
      readRow: (y: number) => samples.subarray(y * width, (y + 1) * width),
    };
    const reduced = resizeArea(Float32Array.from(samples), width, height, 14, 9);
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as Orientation[]) {
      const expected = undoOrientation(reduced, 14, 9, orientation);
      const photo = reduceColours(rows, 14, 9, orientation);
      assert.deepEqual([photo.width, photo.height], [expected.width, expected.height]);
      expected.data.forEach((value, at) => {
        assert.ok(Math.abs(photo.rgba[4 * at]! - value) <= 0.51, `orientation ${orientation}, pixel ${at}`);
        assert.equal(photo.rgba[4 * at + 3], 255);
      });
    }
  });

  it('finds a tilted film on a bright pane to within half a percent of the diagonal', () => {
    const [likeliest] = findCorners(drawPhotograph(tilted));
    assert.equal(likeliest.isWholePicture, false);
    const off = cornerDistance(likeliest.corners, tilted) / Math.hypot(640, 480);
    assert.ok(off < 0.005, `${off}`);
  });

  it('takes a picture that shows nothing but the X-ray whole', async () => {
    for (const name of ['normal', 'effusion']) {
      const bytes = Uint8Array.from(await readFile(join(examples, `demo_${name}.png`)));
      const { photo } = await decodePhoto(bytes, createNodeCodecs());
      const [likeliest] = findCorners(photo);
      assert.equal(likeliest.isWholePicture, true, name);
      assert.equal(likeliest.inputKind, undefined, 'nothing around it tells film or monitor');
    }
  });

  it('finds a film that is held by a hand and touches the edge of the photograph', async () => {
    const bytes = Uint8Array.from(await readFile(join(fixtures, 'film.jpg')));
    const { photo } = await decodePhoto(bytes, createNodeCodecs());
    const [likeliest] = findCorners(photo);
    const off = cornerDistance(likeliest.corners, filmCorners) / Math.hypot(photo.width, photo.height);
    assert.ok(off < 0.02, `${off}`);
  });

  it('makes a grey picture of a blue film, and says how', () => {
    const photo = drawPhotograph(tilted);
    const image = rectifyPhoto(photo, { corners: tilted, placedBy: 'app', inputKind: 'film' }, source);
    assert.equal(image.source.kind, 'photo');
    assert.equal(image.source.inputKind, 'film');
    assert.deepEqual(image.source.photo?.corners, tilted);
    assert.ok((image.source.colour?.meanChroma ?? 1) < 0.02, `${image.source.colour?.meanChroma}`);
    // The lung is dark, the spine bright, in the whole range.
    const at = (u: number, v: number): number =>
      image.data[Math.floor(v * image.height) * image.width + Math.floor(u * image.width)]!;
    assert.ok(at(0.3, 0.4) < 0.55 && at(0.5, 0.9) > 0.8, `${at(0.3, 0.4)} ${at(0.5, 0.9)}`);
    assert.ok(image.source.photo?.reasons.some(({ code }) => code === 'low-resolution'));
  });

  it('makes of a photograph what the networks are trained with', async () => {
    const expected = JSON.parse(await readFile(join(fixtures, 'rectified.json'), 'utf8')) as {
      readonly width: number;
      readonly height: number;
      readonly side: number;
      readonly grey: readonly number[];
    };
    const bytes = Uint8Array.from(await readFile(join(fixtures, 'film.jpg')));
    const { photo, source: facts } = await decodePhoto(bytes, createNodeCodecs());
    const image = rectifyPhoto(photo, { corners: filmCorners, placedBy: 'person', inputKind: 'film' }, facts);
    const { width, height, side } = expected;
    assert.deepEqual({ width: image.width, height: image.height }, { width, height });
    const means = resizeArea(image.data, width, height, side, side);
    const off = Math.max(...means.map((value, index) => Math.abs(value - expected.grey[index]!)));
    assert.ok(off < 0.001, `${off}`);
  });

  it('keeps the colours of what is no X-ray', () => {
    const photo = drawPhotograph(tilted);
    for (let at = 0; at < photo.rgba.length; at += 8) photo.rgba.set([200, 60, 40], at);
    const image = rectifyPhoto(photo, { corners: tilted, placedBy: 'app', inputKind: 'film' }, source);
    assert.ok((image.source.colour?.meanChroma ?? 0) > 0.15);
  });
});

describe('the checks of a photograph', () => {
  const good = { blur: 0.003, glare: 0.05, ripple: 1.8, brightest: 0.8, burnt: 0.01, shortSide: 900, tiltDegrees: 8 };

  it('say nothing of a good one, and each its own', () => {
    assert.deepEqual(checkPhoto(good), []);
    const bad = { blur: 0.02, glare: 0.45, ripple: 4, brightest: 0.1, burnt: 0.6, shortSide: 500, tiltDegrees: 44 };
    assert.deepEqual(
      checkPhoto(bad).map(({ code }) => code),
      ['tilted', 'blurred', 'glare', 'moire', 'under-exposed', 'over-exposed', 'low-resolution'],
    );
    assert.ok(!checkPhoto({ ...bad, shortSide: 200 }).some(({ code }) => code === 'moire'));
    assert.ok(checkPhoto(bad).every(({ severity }) => severity === 'warn'));
  });
});
