import { expect } from '@open-wc/testing';
import type { CaptureHint } from '../../../src/app/capture-guide.ts';
import { announceHint, nothingAnnounced } from '../../../src/ui/announce-hints.ts';

/** What is said of hints that come ten times a second. */
function said(hints: readonly CaptureHint[]): readonly (readonly [CaptureHint, number])[] {
  let announced = nothingAnnounced;
  return hints.flatMap((hint, index) => {
    const before = announced;
    announced = announceHint(announced, hint, 100 * index);
    return announced.at === before.at || announced.hint === undefined ? [] : [[announced.hint, 100 * index] as const];
  });
}

function lasting(hint: CaptureHint, tenths: number): readonly CaptureHint[] {
  return Array.from({ length: tenths }, () => hint);
}

describe('announceHint', () => {
  it('says a hint that stands, once', () => {
    expect(said(lasting('closer', 100))).to.deep.equal([['closer', 500]]);
  });

  it('leaves out what only passes by', () => {
    expect(said([...lasting('closer', 3), ...lasting('straighten', 3), ...lasting('glare', 20)])).to.deep.equal([
      ['glare', 1100],
    ]);
  });

  it('never says two within the time that one takes, and then the one that stands', () => {
    const hints = [
      ...lasting('closer', 8),
      ...lasting('straighten', 8),
      ...lasting('hold-still', 8),
      ...lasting('ready', 20),
    ];
    expect(said(hints)).to.deep.equal([
      ['closer', 500],
      ['ready', 3000],
    ]);
  });

  it('says a hint again only after another', () => {
    const hints = [...lasting('closer', 10), ...lasting('glare', 2), ...lasting('closer', 60)];
    expect(said(hints)).to.deep.equal([['closer', 500]]);
  });
});
