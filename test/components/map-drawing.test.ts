import { expect } from '@open-wc/testing';
import { interpolateMap, mapColour, paintMap } from '../../src/ui/map-drawing.ts';
import { placeOnBar } from '../../src/ui/score-bar.ts';

describe('map-drawing', () => {
  const map = { width: 3, height: 2, values: [0, 1, 2, 3, 4, 5] };

  it('keeps the values at the centres of the cells', () => {
    const painted = interpolateMap(map);
    const side = Math.sqrt(painted.length);
    // In cells; the nearest position lies at most half a step away.
    const at = (x: number, y: number): number =>
      painted[Math.round((y / map.height) * side - 0.5) * side + Math.round((x / map.width) * side - 0.5)] ?? NaN;
    expect(at(0.5, 0.5)).to.be.closeTo(0, 0.1);
    expect(at(2.5, 1.5)).to.be.closeTo(5, 0.1);
    expect(at(1.5, 0.5)).to.be.closeTo(1, 0.1);
    expect(at(1.5, 1)).to.be.closeTo(2.5, 0.1);
  });

  it('gets lighter with the evidence, all the way, so that it reads without colours', () => {
    const lightness = Array.from({ length: 21 }, (_, step) => {
      const [red, green, blue] = mapColour(step / 20);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    for (let step = 1; step < lightness.length; step += 1) {
      expect(lightness[step]).to.be.greaterThan(lightness[step - 1] ?? 0);
    }
  });

  it('leaves what speaks against the finding clear', () => {
    const painted = paintMap({ width: 2, height: 1, values: [-3, 4] });
    const middle = (painted.height / 2) * painted.width * 4;
    expect(painted.data[middle + 3]).to.equal(0);
    expect(painted.data[middle + (painted.width - 1) * 4 + 3]).to.be.greaterThan(200);
  });

  it('does not stretch weak evidence to full colour', () => {
    const painted = paintMap({ width: 1, height: 1, values: [0.05] });
    expect(Math.max(...painted.data.filter((_, index) => index % 4 === 3))).to.equal(0);
  });
});

describe('score-bar', () => {
  it('has the threshold in the middle, and the score on its true side', () => {
    expect(placeOnBar(0.083, 0.083)).to.equal(50);
    expect(placeOnBar(0.104, 0.083)).to.be.greaterThan(50);
    expect(placeOnBar(0.04, 0.083)).to.be.lessThan(50);
  });

  it('stays on the bar for any score', () => {
    for (const score of [0, 1e-9, 0.5, 1]) {
      expect(placeOnBar(score, 0.03)).to.be.within(2, 98);
    }
  });
});
