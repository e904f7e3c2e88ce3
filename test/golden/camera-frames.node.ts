/** What is seen in the frames of a camera: the committed approach to a film, whose corners are known, and changed copies. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { firstGuide, guideCapture, type CaptureHint } from '../../src/app/capture-guide.ts';
import { decodePhoto } from '../../src/imaging/photo/decode-photo.ts';
import { frameSide, measureFrame } from '../../src/imaging/photo/measure-frame.ts';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import { reducePhoto } from '../../src/imaging/photo/reduce-photo.ts';
import type { Corners, PhotoImage } from '../../src/shared/analysis.ts';
import type { FilmSigns, FrameSigns } from '../../src/shared/camera-frame.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { approachFilm, approachStillFrames, framesOf } from '../support/fake-camera.ts';

const msAFrame = 100;
let frames: readonly PhotoImage[];
let truths: readonly Corners[];

/** As large as the worker looks at. */
function small(photo: PhotoImage): PhotoImage {
  const { width, height, red, green, blue } = reducePhoto(photo, frameSide);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let at = 0; at < red.length; at += 1) rgba.set([red[at]!, green[at]!, blue[at]!], 4 * at);
  return { width, height, rgba };
}

/** Each channel of each pixel by `change`. */
function changed(
  frame: PhotoImage,
  change: (value: number, x: number, y: number, channel: number) => number,
): PhotoImage {
  const rgba = frame.rgba.map((value, at) => {
    const pixel = at >> 2;
    return at % 4 === 3 ? value : change(value, pixel % frame.width, Math.floor(pixel / frame.width), at % 4);
  });
  return { ...frame, rgba };
}

/** Means of squares of `2 * reach + 1` pixels. */
function blurred(frame: PhotoImage, reach: number): PhotoImage {
  const { width, height, rgba } = frame;
  return changed(frame, (_, x, y, channel) => {
    let [sum, count] = [0, 0];
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row += 1) {
      for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column += 1) {
        sum += rgba[4 * (row * width + column) + channel]!;
        count += 1;
      }
    }
    return sum / count;
  });
}

function filmOf(signs: FrameSigns): FilmSigns {
  assert.ok(signs.film !== undefined, 'a film is seen');
  return signs.film;
}

function still(): PhotoImage {
  return small(frames.at(-1)!);
}

function look(frame: PhotoImage): FrameSigns {
  return measureFrame(frame, frames.at(-1)!);
}

describe('frames of a camera', () => {
  before(async () => {
    const codecs = createNodeCodecs();
    const files = framesOf(await readFile(approachFilm));
    frames = await Promise.all(files.map(async (file) => (await decodePhoto(new Uint8Array(file), codecs)).photo));
    const known = JSON.parse(await readFile(approachFilm.replace(/mjpeg$/u, 'json'), 'utf8')) as {
      readonly corners: readonly (readonly (readonly [number, number])[])[];
    };
    truths = known.corners.map((corners) => corners.map(([x, y]) => ({ x, y })) as unknown as Corners);
    assert.equal(frames.length, truths.length);
  });

  it('show the film where it is, within 2 % of the diagonal, in nine of ten', () => {
    const off = frames.map((frame, index) => {
      const { film } = measureFrame(small(frame), frame);
      if (film === undefined) return 1;
      const corners = film.corners.map(({ x, y }) => ({ x: frame.width * x, y: frame.height * y }));
      return cornerDistance(corners as unknown as Corners, truths[index]!) / Math.hypot(frame.width, frame.height);
    });
    assert.ok(off.filter((share) => share <= 0.02).length >= 0.9 * off.length, off.map((v) => v.toFixed(3)).join(' '));
    for (const share of off.slice(-approachStillFrames)) assert.ok(share <= 0.02);
  });

  it('lead through the hints to the shot', () => {
    const hints: CaptureHint[] = [];
    let guide = firstGuide;
    const ending = Array.from({ length: 3 }, () => frames.slice(-approachStillFrames)).flat();
    for (const [index, frame] of [...frames, ...ending].entries()) {
      const { width, height } = frame;
      guide = guideCapture(guide, measureFrame(small(frame), frame), index * msAFrame, { width, height, keptScale: 1 });
      if (hints.at(-1) !== guide.hint) hints.push(guide.hint);
      if (guide.shoot) break;
    }
    assert.equal(guide.shoot, true);
    assert.deepEqual(hints, ['searching', 'closer', 'straighten', 'hold-still', 'ready']);
  });

  it('tell the size of the film in the camera’s own pixels, and how it lies', () => {
    const film = filmOf(look(still()));
    const truth = truths.at(-1)!;
    const side = (from: number, to: number): number =>
      Math.hypot(truth[from]!.x - truth[to]!.x, truth[from]!.y - truth[to]!.y);
    const shortSide = Math.min((side(0, 1) + side(2, 3)) / 2, (side(1, 2) + side(3, 0)) / 2);
    assert.ok(Math.abs(film.shortSide - shortSide) < 0.02 * shortSide, `${film.shortSide} for ${shortSide}`);
    assert.ok(film.tiltDegrees < 8, `${film.tiltDegrees}° for 3°`);
    assert.ok(film.turnDegrees < 3, `${film.turnDegrees}° for 1.5°`);
    const far = filmOf(measureFrame(small(frames[0]!), frames[0]!));
    assert.ok(far.tiltDegrees > 18, `${far.tiltDegrees}° for 27°`);
    assert.ok(far.fill < 0.4);
  });

  it('tell blur, darkness, burnt parts and glare', () => {
    const clear = filmOf(look(still()));
    const spread = [1, 2].map((reach) => filmOf(look(blurred(still(), reach))).blur);
    assert.ok(clear.blur < 0.005, `${clear.blur}`);
    assert.ok(spread[0]! > 1.2 * clear.blur && spread[1]! > 1.3 * spread[0]!, `${clear.blur} ${spread.join(' ')}`);
    assert.ok(clear.brightest > 0.5 && clear.burnt < 0.01 && clear.glare < 0.2);
    const dark = filmOf(look(changed(still(), (value) => 0.5 * value)));
    assert.ok(dark.brightest < 0.4, `${dark.brightest}`);
    const bright = filmOf(look(changed(still(), (value) => 1.7 * value)));
    assert.ok(bright.burnt > 0.08, `${bright.burnt}`);
    const { width, height } = still();
    const lamp = changed(still(), (value, x, y) => {
      const inside = Math.hypot(x - 0.33 * width, y - 0.42 * height) < 0.09 * width;
      return inside ? 0.2 * value + 0.8 * 255 : value;
    });
    assert.ok(filmOf(look(lamp)).glare > 0.33, `${filmOf(look(lamp)).glare}`);
  });

  it('tell when there is no film, and when there is nothing at all', () => {
    const { width, height } = still();
    const wall = changed(still(), (_, x, y) => 90 + 20 * Math.sin(x / 9) * Math.sin(y / 11));
    assert.equal(look(wall).film, undefined);
    assert.ok(look(wall).brightest > 0.3);
    assert.deepEqual(look(changed(still(), () => 0)), { brightest: 0 });
    const tiny = { width: 1, height: 1, rgba: new Uint8ClampedArray(4) };
    assert.equal(measureFrame(tiny, { width, height }).film, undefined);
  });
});
