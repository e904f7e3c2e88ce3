import { expect } from '@open-wc/testing';
import type { PictureBox } from '../../../src/shared/picture-box.ts';
import { touchedPixels } from '../../../src/shared/picture-box.ts';
import {
  addBox,
  boxHistoryOf,
  changeBoxes,
  corners,
  keepBoxHistory,
  moveBox,
  resizeBox,
  undoBoxes,
  type BoxHistory,
} from '../../../src/ui/picture-boxes.ts';

const box: PictureBox = { x: 0.2, y: 0.3, width: 0.4, height: 0.1 };

function near(found: PictureBox, expected: PictureBox): void {
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(found[key], key).to.be.closeTo(expected[key], 1e-9);
}

describe('picture-boxes', () => {
  it('moves a box within the picture', () => {
    near(moveBox(box, 0.1, -0.1), { ...box, x: 0.3, y: 0.2 });
    near(moveBox(box, 5, 5), { ...box, x: 0.6, y: 0.9 });
    near(moveBox(box, -5, -5), { ...box, x: 0, y: 0 });
  });

  it('moves one corner and leaves the opposite one', () => {
    near(resizeBox(box, 'upper-left', 0.1, 0.05), { x: 0.3, y: 0.35, width: 0.3, height: 0.05 });
    near(resizeBox(box, 'lower-right', 0.1, 0.05), { x: 0.2, y: 0.3, width: 0.5, height: 0.15 });
    near(resizeBox(box, 'upper-right', 0.1, 0.05), { x: 0.2, y: 0.35, width: 0.5, height: 0.05 });
    near(resizeBox(box, 'lower-left', 0.1, 0.05), { x: 0.3, y: 0.3, width: 0.3, height: 0.15 });
  });

  it('keeps a box large enough to be found, and in the picture', () => {
    for (const corner of corners) {
      for (const by of [-9, 9]) {
        const { x, y, width, height } = resizeBox(box, corner, by, by);
        expect(Math.min(x, y), corner).to.be.at.least(0);
        expect(Math.min(width, height), corner).to.be.at.least(0.0199);
        expect(Math.max(x + width, y + height), corner).to.be.at.most(1.0001);
      }
    }
  });

  it('puts new boxes beside one another, never outside', () => {
    let boxes: readonly PictureBox[] = [];
    for (let count = 0; count < 30; count += 1) boxes = addBox(boxes);
    expect(new Set(boxes.slice(0, 10).map(({ y }) => y.toFixed(4))).size).to.equal(10);
    for (const { y, height } of boxes) expect(y + height).to.be.at.most(1);
  });

  it('takes back every step, and remembers as long as the picture lives', () => {
    const display = { width: 1, height: 1, data: new Uint8Array(1) };
    let history: BoxHistory = boxHistoryOf(display, [box]);
    expect(history.boxes).to.deep.equal([box]);
    history = changeBoxes(changeBoxes(history, [box, box]), []);
    keepBoxHistory(display, history);
    expect(boxHistoryOf(display, [box])).to.equal(history);
    expect(undoBoxes(history).boxes.length).to.equal(2);
    expect(undoBoxes(undoBoxes(undoBoxes(history))).boxes).to.deep.equal([box]);
  });

  it('touches every pixel that a box covers in part', () => {
    expect(touchedPixels({ x: 0.24, y: 0.26, width: 0.27, height: 0.5 }, 4, 8)).to.deep.equal({
      left: 0,
      top: 2,
      right: 3,
      bottom: 7,
    });
    expect(touchedPixels({ x: 0.9, y: -1, width: 3, height: 9 }, 10, 10)).to.deep.equal({
      left: 9,
      top: 0,
      right: 10,
      bottom: 10,
    });
  });
});
