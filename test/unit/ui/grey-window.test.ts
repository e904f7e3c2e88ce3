import { expect } from '@open-wc/testing';
import {
  adjustWindow,
  greySteps,
  greyTable,
  isWholeWindow,
  limitWindow,
  narrowestWindow,
  wholeWindow,
  widestWindow,
} from '../../../src/ui/grey-window.ts';

const greys = Array.from({ length: greySteps }, (_, grey) => grey);

describe('grey-window', () => {
  it('changes nothing at first', () => {
    expect([...greyTable(wholeWindow, false)]).to.deep.equal(greys);
    expect(isWholeWindow(wholeWindow)).to.equal(true);
  });

  it('swaps black and white', () => {
    expect([...greyTable(wholeWindow, true)]).to.deep.equal(greys.toReversed());
  });

  it('follows the standard’s LINEAR function', () => {
    // PS3.3 C.11.2.1.2.1: black up to c − 0.5 − (w − 1)/2, white above c − 0.5 + (w − 1)/2, a line between.
    const table = greyTable({ level: 100, width: 51 }, false);
    expect(table[74]).to.equal(0);
    expect(table[75]).to.equal(Math.round((0.5 / 50) * 255));
    expect(table[99]).to.equal(Math.round(0.49 * 255));
    expect(table[100]).to.equal(Math.round(0.51 * 255));
    expect(table[124]).to.equal(Math.round((49.5 / 50) * 255));
    expect(table[125]).to.equal(255);
  });

  it('never gets darker along the greys, whatever the window, and reaches into both ends', () => {
    for (const level of [0, 1, 90, 255, 256]) {
      for (const width of [narrowestWindow, 7, 256, widestWindow]) {
        const table = greyTable({ level, width }, false);
        for (const grey of greys.slice(1)) expect(table[grey]).to.be.at.least(table[grey - 1] ?? NaN);
      }
    }
  });

  it('is brighter with more brightness, steeper with more contrast', () => {
    const brighter = greyTable(adjustWindow(wholeWindow, 40, 0), false);
    const harder = greyTable(adjustWindow(wholeWindow, 0, 100), false);
    expect(brighter[128]).to.equal(168);
    expect((harder[160] ?? 0) - (harder[100] ?? 0)).to.be.greaterThan(60 * 1.5);
    expect(isWholeWindow(adjustWindow(wholeWindow, 0, 1))).to.equal(false);
  });

  it('stays within its limits, in whole steps', () => {
    expect(limitWindow({ level: -9, width: 0 })).to.deep.equal({ level: 0, width: narrowestWindow });
    expect(limitWindow({ level: 1e6, width: 1e6 })).to.deep.equal({ level: greySteps, width: widestWindow });
    expect(adjustWindow(wholeWindow, 0.4, 0.6)).to.deep.equal({ level: 128, width: 255 });
  });
});
