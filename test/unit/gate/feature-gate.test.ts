import { expect } from '@open-wc/testing';
import { createDistance, createFeatureGate } from '../../../src/inference/gate/feature-gate.ts';
import { AppError } from '../../../src/shared/app-error.ts';

/** Three features: mean (1, 2, 3); the first axis with variance 4, the rest with 0.25. */
const statistics = {
  file: 'features.bin',
  features: 3,
  components: 1,
  restVariance: 0.25,
  warnAbove: 2,
  refuseAbove: 4,
};

function statisticsBytes(variance = 4): ArrayBuffer {
  const bytes = new ArrayBuffer(4 * 4 + 3 * 2);
  const view = new DataView(bytes);
  [1, 2, 3, variance].forEach((value, index) => view.setFloat32(4 * index, value, true));
  // 1 in half precision; the two zeros are there already.
  view.setUint16(16, 0x3c00, true);
  return bytes;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
  return undefined;
}

describe('createDistance', () => {
  it('is the Mahalanobis distance', () => {
    const distance = createDistance(statistics, statisticsBytes());
    expect(distance([1, 2, 3])).to.equal(0);
    // (3 − 1)² / 4 = 1
    expect(distance([3, 2, 3])).to.be.closeTo(1, 1e-9);
    // (2.5 − 2)² / 0.25 = 1
    expect(distance([1, 2.5, 3])).to.be.closeTo(1, 1e-9);
    expect(distance([3, 2.5, 3.5])).to.be.closeTo(Math.sqrt(3), 1e-9);
  });

  it('reads half precision: signs, fractions, subnormal numbers', () => {
    const bytes = statisticsBytes(1);
    const view = new DataView(bytes);
    // −0.5, and 2⁻²⁴, the smallest.
    view.setUint16(16, 0xb800, true);
    view.setUint16(18, 0x0001, true);
    const distance = createDistance({ ...statistics, restVariance: 1 }, bytes);
    // Projection −1; rest 4 − 1.
    expect(distance([3, 2, 3])).to.be.closeTo(2, 1e-6);
    expect(distance([1, 2 + 2 ** 12, 3]) ** 2 - 2 ** 24).to.be.closeTo(0, 1e-3);
  });

  it('refuses statistics that do not fit their file', () => {
    expect(codeOf(() => createDistance({ ...statistics, features: 4 }, statisticsBytes()))).to.equal('pack-invalid');
    expect(codeOf(() => createDistance(statistics, statisticsBytes(0)))).to.equal('pack-invalid');
    expect(codeOf(() => createDistance({ ...statistics, restVariance: 0 }, statisticsBytes()))).to.equal(
      'pack-invalid',
    );
  });

  it('refuses features of another length or without a value', () => {
    const distance = createDistance(statistics, statisticsBytes());
    expect(codeOf(() => distance([1, 2]))).to.equal('wrong-output');
    expect(codeOf(() => distance([1, NaN, 3]))).to.equal('wrong-output');
  });
});

describe('createFeatureGate', () => {
  const gate = createFeatureGate(statistics, statisticsBytes());
  const near = [1, 2, 3];
  const doubtful = [1 + 2 * 3, 2, 3];
  const far = [1 + 2 * 5, 2, 3];

  it('passes what is near, warns of what is not, refuses what is far', () => {
    expect(gate(near)).to.deep.equal([]);
    expect(gate(doubtful)).to.deep.equal([
      { code: 'far-from-training', severity: 'warn', value: 3, threshold: statistics.warnAbove },
    ]);
    expect(gate(far)).to.deep.equal([
      { code: 'far-from-training', severity: 'refuse', value: 5, threshold: statistics.refuseAbove },
    ]);
  });

  it('only warns of what is far where lung fields are plain to see', () => {
    expect(gate(far, 0.7)[0]?.severity).to.equal('warn');
    expect(gate(far, 0.3)[0]?.severity).to.equal('refuse');
  });
});
