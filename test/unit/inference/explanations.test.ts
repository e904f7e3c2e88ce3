import { expect } from '@open-wc/testing';
import { explainFinding, type ExplainingNetworks } from '../../../src/inference/explain-finding.ts';
import type { FindingsNetwork } from '../../../src/inference/findings-network.ts';
import { occlusionMap } from '../../../src/inference/occlusion-map.ts';
import { saliencyMap } from '../../../src/inference/saliency-map.ts';
import type { FindingMap } from '../../../src/shared/analysis.ts';
import type { AppError } from '../../../src/shared/app-error.ts';

const side = 56;

/** Place of the largest value. */
function peak({ width, values }: FindingMap): readonly [x: number, y: number] {
  const at = values.indexOf(Math.max(...values));
  return [at % width, Math.floor(at / width)];
}

describe('the saliency map', () => {
  it('is strongest where the gradient is, whatever its sign, and nothing elsewhere', () => {
    const gradient = new Float32Array(side * side);
    for (const x of [39, 40, 41]) gradient[12 * side + x] = x % 2 === 0 ? -3 : 2;
    const map = saliencyMap(gradient, side, side);
    expect([map.width, map.height]).to.deep.equal([14, 14]);
    expect(map.values[3 * 14 + 10]).to.equal(1);
    expect(map.values[12 * 14 + 2]).to.equal(0);
    expect(Math.max(...map.values)).to.equal(1);
  });

  it('does not depend on the unit of the input, nor on a single pixel that is far stronger than the rest', () => {
    const gradient = Float32Array.from({ length: side * side }, (_, at) => Math.sin(at * 1.7) * (at % side));
    const map = saliencyMap(gradient, side, side);
    const larger = saliencyMap(
      gradient.map((value) => value * 1024),
      side,
      side,
    );
    map.values.forEach((value, at) => expect(larger.values[at]).to.be.closeTo(value, 1e-6));
    expect(map.values.filter((value) => value > 0.3).length).to.be.greaterThan(map.values.length / 3);
  });

  it('of no gradient is empty, and pictures need not be square', () => {
    const map = saliencyMap(new Float32Array(30 * 18), 30, 18);
    expect([map.width, map.height]).to.deep.equal([8, 5]);
    expect(map.values).to.deep.equal(new Array(40).fill(0));
  });
});

describe('the occlusion map', () => {
  /** Speaks for the finding where the picture is bright at one place, and against it at another. */
  const logitOf = (input: Float32Array): number => input[30 * side + 14]! - input[10 * side + 40]!;
  const input = new Float32Array(side * side);
  input[30 * side + 14] = 2;
  input[10 * side + 40] = 1;

  it('falls where what speaks for the finding is covered, rises where what speaks against it is', async () => {
    const shares: number[] = [];
    const onProgress = (share: number): Promise<void> => Promise.resolve(void shares.push(share));
    const map = await occlusionMap(input, { width: side, height: side, logitOf, onProgress });
    expect([map.width, map.height]).to.deep.equal([14, 14]);
    expect(peak(map)).to.deep.equal([3, 7]);
    // The mean of the picture is 3 / 56², and takes the place of the 2.
    expect(map.values[7 * 14 + 3]).to.be.closeTo(2 - 3 / side ** 2, 1e-6);
    expect(map.values[2 * 14 + 10]).to.be.closeTo(-(1 - 3 / side ** 2), 1e-6);
    expect(map.values[13 * 14 + 13]).to.equal(0);
    expect(shares).to.have.length(13 * 13);
    expect(shares.at(-1)).to.equal(1);
    expect(input[30 * side + 14]).to.equal(2);
  });
});

describe('explaining a finding', () => {
  const manifest = { findings: [{ id: 'Mass' }], input: { width: side, height: side } };
  const network = { manifest, answer: (input: Float32Array) => [input[0]] } as unknown as FindingsNetwork;
  const input = new Float32Array(side * side).fill(0.5);
  const codeOf = async (networks: ExplainingNetworks, goOn = true, finding = 'Mass'): Promise<string> => {
    try {
      await explainFinding({ finding, kind: 'gradient', input }, networks, () => goOn);
      return 'resolved';
    } catch (thrown) {
      return (thrown as AppError).code;
    }
  };
  const gradientWith = (logit: number, value: number): ExplainingNetworks => ({
    network,
    gradient: () =>
      Promise.resolve({
        *run() {
          yield 0.5;
          return { output: Float32Array.of(logit), gradient: new Float32Array(side * side).fill(value) };
        },
        dispose: () => undefined,
      }),
  });

  it('says so where there is no way back, and for a finding that the pack has not', async () => {
    const none = { network, gradient: () => Promise.resolve(undefined) };
    expect(await codeOf(none)).to.equal('gradient-unavailable');
    expect(await codeOf(none, true, 'Gout')).to.equal('pack-invalid');
  });

  it('believes no gradient whose forward pass answers otherwise than the proven network, or that is not a number', async () => {
    expect(await codeOf(gradientWith(0.5, 1))).to.equal('resolved');
    expect(await codeOf(gradientWith(0.52, 1))).to.equal('wrong-output');
    expect(await codeOf(gradientWith(0.5, NaN))).to.equal('wrong-output');
  });

  it('ends where it is told to', async () => {
    expect(await codeOf(gradientWith(0.5, 1), false)).to.equal('cancelled');
  });
});
