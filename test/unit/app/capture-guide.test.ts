import { expect } from '@open-wc/testing';
import {
  firstGuide,
  guideCapture,
  steadyMs,
  type CaptureGuide,
  type CaptureHint,
  type FrameFacts,
} from '../../../src/app/capture-guide.ts';
import type { Corners } from '../../../src/shared/analysis.ts';
import type { FilmSigns, FrameSigns } from '../../../src/shared/camera-frame.ts';

const facts: FrameFacts = { width: 1200, height: 1600, keptScale: 1 };
/** Of a slow phone. */
const frameMs = 125;

function box(left: number, top: number, right: number, bottom: number): Corners {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const good: FilmSigns = {
  corners: box(0.1, 0.2, 0.9, 0.8),
  share: 0.8,
  fill: 0.8,
  shortSide: 960,
  tiltDegrees: 4,
  turnDegrees: 1,
  blur: 0.003,
  glare: 0.1,
  brightest: 0.8,
  burnt: 0.01,
};

function sees(changes: Partial<FilmSigns> = {}): FrameSigns {
  return { brightest: 0.9, film: { ...good, ...changes } };
}
const nothing: FrameSigns = { brightest: 0.6 };
const black: FrameSigns = { brightest: 0.004 };

/** The film, so far to the right of where it was: shares of the frame's width. */
function aside(by: number): FrameSigns {
  return sees({ corners: box(0.1 + by, 0.2, 0.9 + by, 0.8) });
}

function repeat(signs: FrameSigns, times: number): readonly FrameSigns[] {
  return Array.from({ length: times }, () => signs);
}

/** The guide after each frame, one every `frameMs`. */
function guides(
  frames: readonly FrameSigns[],
  from: CaptureGuide = firstGuide,
  at = 0,
  of: FrameFacts = facts,
): readonly CaptureGuide[] {
  let guide = from;
  return frames.map((signs, index) => (guide = guideCapture(guide, signs, at + index * frameMs, of)));
}

function hintAfter(frames: readonly FrameSigns[], of: FrameFacts = facts): CaptureHint | undefined {
  return guides(frames, firstGuide, 0, of).at(-1)?.hint;
}

describe('guideCapture', () => {
  const hints: readonly (readonly [CaptureHint, FrameSigns])[] = [
    ['searching', nothing],
    ['farther', sees({ corners: box(0, 0.2, 0.9, 0.8) })],
    ['farther', sees({ corners: box(0.1, 0.2, 1.01, 0.8) })],
    ['closer', sees({ fill: 0.4 })],
    ['closer', sees({ shortSide: 600 })],
    ['straighten', sees({ tiltDegrees: 24 })],
    ['straighten', sees({ turnDegrees: 30 })],
    ['too-dark', sees({ brightest: 0.3 })],
    ['too-bright', sees({ burnt: 0.2 })],
    ['glare', sees({ glare: 0.5 })],
    ['hold-still', sees({ blur: 0.02 })],
    ['hold-still', sees({ share: 0.22 })],
    ['ready', sees()],
  ];
  for (const [hint, signs] of hints) {
    it(`says ${hint} of ${JSON.stringify(signs.film ?? {}).slice(0, 70)}`, () => {
      expect(hintAfter(repeat(signs, 8))).to.equal(hint);
    });
  }

  it('says one thing at a time: first what hides the rest', () => {
    const all = sees({ fill: 0.4, tiltDegrees: 40, brightest: 0.2, blur: 0.03 });
    expect(hintAfter(repeat(all, 8))).to.equal('closer');
  });

  it('asks for no more pixels than the camera has: a film that fills the frame is near enough', () => {
    expect(hintAfter(repeat(sees({ shortSide: 500, fill: 0.9 }), 8))).to.equal('ready');
    expect(hintAfter(repeat(sees({ shortSide: 500 }), 8))).to.equal('closer');
    // Stills of this camera have twice the pixels of its frames.
    expect(hintAfter(repeat(sees({ shortSide: 500 }), 8), { ...facts, keptScale: 2 })).to.equal('ready');
  });

  it('shoots once the film has been steady and good for the whole time, and counts down to it', () => {
    const seen = guides(repeat(sees(), 12));
    const first = seen.findIndex(({ shoot }) => shoot);
    // The first frame alone cannot be known to be steady.
    expect(first).to.equal(1 + Math.ceil(steadyMs / frameMs));
    const ring = seen.slice(0, first + 1).map(({ readiness }) => readiness);
    expect(ring).to.deep.equal([...ring].sort((a, b) => a - b));
    expect(ring[0]).to.equal(0);
    expect(ring.at(-1)).to.equal(1);
    expect(ring.filter((share) => share > 0 && share < 1).length).to.be.at.least(3);
    expect(seen.slice(0, first).some(({ shoot }) => shoot)).to.equal(false);
  });

  it('does not shoot on few frames, however long they took', () => {
    let guide = firstGuide;
    for (const at of [0, 450, 900, 1350]) guide = guideCapture(guide, sees(), at, facts);
    // Three good ones after the first.
    expect(guide.shoot).to.equal(true);
    guide = firstGuide;
    for (const at of [0, 450, 1300]) guide = guideCapture(guide, sees(), at, facts);
    expect(guide.shoot).to.equal(false);
  });

  it('never shoots while the hand moves, and begins anew when it has moved', () => {
    const drifting = Array.from({ length: 40 }, (_, index) => aside((index % 10) * 0.012 - 0.06));
    const seen = guides(drifting);
    expect(seen.some(({ shoot }) => shoot)).to.equal(false);
    const steady = guides(repeat(sees(), 5));
    const moved = guides([aside(0.05), aside(0.05)], steady.at(-1), 5 * frameMs);
    expect(moved.at(-1)?.readiness).to.equal(0);
  });

  it('bears a tremor, and one frame in which the finder saw something else', () => {
    const tremor = Array.from({ length: 12 }, (_, index) => aside(index % 2 === 0 ? 0.004 : -0.004));
    expect(guides(tremor).some(({ shoot }) => shoot)).to.equal(true);
    const odd = [...repeat(sees(), 5), nothing, ...repeat(sees(), 4)];
    const seen = guides(odd);
    expect(seen.map(({ hint }) => hint).slice(4)).to.deep.equal(Array.from({ length: 6 }, () => 'ready'));
    expect(seen.at(-1)?.shoot).to.equal(true);
    // But never on that frame itself.
    expect(guides([...repeat(sees(), 7), nothing]).at(-1)?.shoot).to.equal(false);
    const gone = guides([...repeat(sees(), 5), nothing, nothing, ...repeat(sees(), 2)]);
    expect(gone.at(-1)?.readiness).to.be.below(0.3);
  });

  it('waits for the focus: blurred beside what was just seen', () => {
    const focusing = [...repeat(sees({ blur: 0.004 }), 3), ...repeat(sees({ blur: 0.006 }), 10)];
    const seen = guides(focusing);
    expect(seen.at(-1)?.hint).to.equal('hold-still');
    expect(seen.some(({ shoot }) => shoot)).to.equal(false);
    // After two seconds the sharper frames are forgotten: the camera cannot do better.
    const later = guides([...focusing, ...repeat(sees({ blur: 0.006 }), 20)]);
    expect(later.at(-1)?.hint).to.equal('ready');
  });

  it('does not flicker: neither frames that take turns nor a value at its limit change the hint', () => {
    const turns = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? nothing : sees({ fill: 0.3 })));
    expect(new Set(guides(turns).map(({ hint }) => hint))).to.deep.equal(new Set(['searching']));
    const atLimit = [
      ...repeat(sees({ fill: 0.49 }), 5),
      ...Array.from({ length: 20 }, (_, index) => sees({ fill: 0.5 + 0.02 * Math.sin(index) })),
    ];
    const shown = guides(atLimit).map(({ hint }) => hint);
    expect(shown.at(4)).to.equal('closer');
    expect(new Set(shown.slice(4))).to.deep.equal(new Set(['closer']));
    expect(guides([...atLimit, ...repeat(sees({ fill: 0.56 }), 5)]).at(-1)?.hint).to.equal('ready');
  });

  it('says that all is black only when it stays so, and takes it back', () => {
    expect(hintAfter(repeat(black, 10))).to.equal('searching');
    const dark = guides(repeat(black, 30));
    expect(dark.at(-1)?.hint).to.equal('black');
    expect(guides(repeat(sees(), 4), dark.at(-1), 30 * frameMs).at(-1)?.hint).to.equal('ready');
  });

  it('keeps the outline over a frame without a film, and no longer', () => {
    const seen = guides([sees(), nothing, nothing, nothing, nothing]);
    expect(seen.map(({ corners }) => corners !== undefined)).to.deep.equal([true, true, true, true, false]);
  });
});
