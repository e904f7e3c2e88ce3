import { expect } from '@open-wc/testing';
import {
  actualScale,
  clampView,
  cssTransform,
  fittedView,
  isFitted,
  largestScale,
  panBy,
  pictureAt,
  zoomBy,
  zoomTo,
  type Point,
  type ViewFrame,
  type ViewTransform,
} from '../../../src/ui/view-transform.ts';

/** A square picture in a wide window, as on a desktop. */
const frame: ViewFrame = { stage: { width: 600, height: 400 }, sheet: { width: 400, height: 400 } };
const middle: Point = { x: 0, y: 0 };
const largest = 8;

/** Where a point of the picture is seen, from the CSS itself: the browser's own arithmetic. */
function seenAt(view: ViewTransform, point: Point): Point {
  const match = /translate\(([-\d.]+)%, ([-\d.]+)%\) scale\(([\d.]+)\)/.exec(cssTransform(view));
  const [shiftX = NaN, shiftY = NaN, scale = NaN] = (match ?? []).slice(1).map(Number);
  const { width, height } = frame.sheet;
  return {
    x: (shiftX / 100) * width + scale * (point.x - 0.5) * width,
    y: (shiftY / 100) * height + scale * (point.y - 0.5) * height,
  };
}

describe('view-transform', () => {
  it('begins with the whole picture', () => {
    expect(isFitted(fittedView)).to.equal(true);
    expect(cssTransform(fittedView)).to.equal('translate(0.000%, 0.000%) scale(1.0000)');
    expect(clampView(fittedView, frame)).to.deep.equal(fittedView);
  });

  it('zooms about a point: what lies under it stays there', () => {
    const at = { x: -120, y: 90 };
    let view = zoomTo(fittedView, 3, middle, frame, largest);
    for (const factor of [1.5, 1.2, 0.9]) {
      const under = pictureAt(view, at, frame);
      view = zoomBy(view, factor, at, frame, largest);
      const seen = seenAt(view, under);
      expect(seen.x).to.be.closeTo(at.x, 0.1);
      expect(seen.y).to.be.closeTo(at.y, 0.1);
    }
    expect(view.scale).to.be.closeTo(3 * 1.5 * 1.2 * 0.9, 1e-9);
  });

  it('pans as far as the finger goes', () => {
    const before = zoomTo(fittedView, 4, middle, frame, largest);
    const after = panBy(before, { x: 30, y: -20 }, frame);
    const point = { x: 0.4, y: 0.6 };
    expect(seenAt(after, point).x - seenAt(before, point).x).to.be.closeTo(30, 0.1);
    expect(seenAt(after, point).y - seenAt(before, point).y).to.be.closeTo(-20, 0.1);
  });

  it('never pulls an edge of the picture into the window', () => {
    const zoomed = zoomTo(fittedView, 2, middle, frame, largest);
    for (const by of [
      { x: 5000, y: 5000 },
      { x: -5000, y: -5000 },
    ]) {
      const view = panBy(zoomed, by, frame);
      const from = seenAt(view, { x: 0, y: 0 });
      const to = seenAt(view, { x: 1, y: 1 });
      expect(from.x).to.be.at.most(-frame.stage.width / 2 + 0.1);
      expect(from.y).to.be.at.most(-frame.stage.height / 2 + 0.1);
      expect(to.x).to.be.at.least(frame.stage.width / 2 - 0.1);
      expect(to.y).to.be.at.least(frame.stage.height / 2 - 0.1);
    }
  });

  it('keeps an axis that fits in the middle', () => {
    const view = zoomTo(fittedView, 1.2, { x: 150, y: 150 }, frame, largest);
    expect(view.centreX).to.equal(0.5);
    expect(view.centreY).not.to.equal(0.5);
  });

  it('is whole again, and in the middle, when it is zoomed out', () => {
    const far = panBy(zoomTo(fittedView, 6, middle, frame, largest), { x: 900, y: 700 }, frame);
    expect(zoomBy(far, 0.01, { x: 50, y: 50 }, frame, largest)).to.deep.equal(fittedView);
  });

  it('stops at the largest scale', () => {
    expect(zoomBy(fittedView, 100, middle, frame, largest).scale).to.equal(largest);
  });

  it('shows one pixel of the picture as one of the screen at 1 : 1', () => {
    expect(actualScale(1600, frame, 1)).to.equal(4);
    expect(actualScale(1600, frame, 2)).to.equal(2);
    expect(largestScale(4)).to.equal(16);
    expect(largestScale(0.5)).to.equal(8);
  });

  it('may be smaller than the window at 1 : 1, and does not jump from there', () => {
    const small = zoomTo(fittedView, 0.4, middle, frame, largest);
    expect(small).to.deep.equal({ ...fittedView, scale: 0.4 });
    expect(zoomBy(small, 0.5, middle, frame, largest).scale).to.equal(0.4);
    expect(zoomBy(small, 1.5, middle, frame, largest).scale).to.be.closeTo(0.6, 1e-9);
  });
});
