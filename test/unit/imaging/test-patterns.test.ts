import { expect } from '@open-wc/testing';
import { testPattern, testPatternNames } from '../../../src/imaging/test-patterns.ts';

describe('testPattern', () => {
  it('follows the stated formulas at 224 × 224', () => {
    const at = (x: number, y: number): number => y * 224 + x;
    expect(testPattern('ramp', 224, 224)[at(100, 23)]).to.be.closeTo(123 / 446, 1e-7);
    const rings = 0.5 + 0.5 * Math.cos(Math.hypot(10 - 111.5, 20 - 111.5) / 6);
    expect(testPattern('rings', 224, 224)[at(10, 20)]).to.be.closeTo(rings, 1e-7);
    const ellipses = testPattern('ellipses', 224, 224);
    expect(ellipses[at(72, 112)]).to.be.closeTo(0.2 + 0.1 * Math.sin(112 / 5), 1e-6);
    expect(ellipses[at(112, 100)]).to.be.closeTo(0.75 + 0.1 * Math.sin(20), 1e-6);
  });

  it('stays within 0..1 and shows the same picture at every size', () => {
    for (const name of testPatternNames) {
      const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
      const large = testPattern(name, 224, 224);
      const small = testPattern(name, 64, 96);
      expect(small.length).to.equal(64 * 96);
      expect(small.every((value) => value >= 0 && value <= 1)).to.equal(true);
      expect(mean(small)).to.be.closeTo(mean(large), 0.01, name);
    }
  });
});
