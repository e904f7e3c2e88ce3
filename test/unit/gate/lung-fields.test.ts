import { expect } from '@open-wc/testing';
import { findLungFields, lungFieldSide } from '../../../src/inference/gate/lung-fields.ts';
import { mirrorSymmetry } from '../../../src/inference/gate/mirror-symmetry.ts';
import { chest, noise, picture } from './synthetic-pictures.ts';

const copyOf = (formula: (x: number, y: number) => number): Float32Array => picture(formula, lungFieldSide).data;

describe('findLungFields', () => {
  it('finds a chest, wherever it lies and however large it is', () => {
    for (const [scale, left, top] of [
      [1, 0, 0],
      [0.7, 0.2, -0.1],
      [0.55, -0.3, 0.3],
    ] as const) {
      const copy = copyOf((x, y) => {
        const chestX = (x - left) / scale;
        const chestY = (y - top) / scale;
        return Math.max(Math.abs(chestX), Math.abs(chestY)) > 1 ? 0 : chest(chestX, chestY);
      });
      expect(findLungFields(copy).upright).to.be.greaterThan(0.7);
    }
  });

  it('does not depend on brightness and contrast', () => {
    const plain = findLungFields(copyOf(chest)).upright;
    const dull = findLungFields(copyOf((x, y) => 0.4 + 0.2 * chest(x, y))).upright;
    expect(dull).to.be.closeTo(plain, 1e-3);
  });

  it('finds the negative in a negative', () => {
    const { upright, inverted } = findLungFields(copyOf((x, y) => 1 - chest(x, y)));
    expect(inverted).to.be.greaterThan(0.7);
    expect(upright).to.be.lessThan(inverted - 0.2);
  });

  it('finds none in a plain picture and in noise', () => {
    expect(findLungFields(copyOf(() => 0.5)).upright).to.be.closeTo(0, 1e-3);
    expect(findLungFields(copyOf(noise())).upright).to.be.lessThan(0.33);
  });
});

describe('mirrorSymmetry', () => {
  const side = 40;

  it('is 1 for a symmetric picture, also where its axis lies beside the middle', () => {
    expect(mirrorSymmetry(copyOf(chest), side)).to.be.closeTo(1, 1e-6);
    expect(
      mirrorSymmetry(
        copyOf((x, y) => Math.cos(4 * (x - 0.1)) + 0.1 * y),
        side,
      ),
    ).to.be.greaterThan(0.98);
  });

  it('is low for a ramp from side to side, and untouched by gamma', () => {
    expect(
      mirrorSymmetry(
        copyOf((x) => (x + 1) / 2),
        side,
      ),
    ).to.be.lessThan(0);
    const lopsided = (x: number, y: number): number => 0.5 + 0.2 * x + 0.2 * Math.cos(3 * y);
    const gamma = mirrorSymmetry(
      copyOf((x, y) => lopsided(x, y) ** 2),
      side,
    );
    expect(gamma).to.be.closeTo(mirrorSymmetry(copyOf(lopsided), side), 1e-6);
  });
});
