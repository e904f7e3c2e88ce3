import { expect } from '@open-wc/testing';
import type { PlanAnswer } from '../support/plan-worker.ts';

/** Whole networks on our kernels against tfjs's own, in a real browser. Made by `node build.mjs --test`. */

const workerAddress = '/dist/test/assets/plan-worker.js';
const slowTestMs = 120_000;
/** Of the deviation of an output over the inputs. */
const tolerance = 1e-4;
const maxDenseNetMib = 50;
const mebibyte = 2 ** 20;

async function ask(network: string): Promise<PlanAnswer> {
  const worker = new Worker(workerAddress, { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ value: PlanAnswer; error?: string }>) =>
        data.error === undefined ? resolve(data.value) : reject(new Error(data.error));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(network);
    });
  } finally {
    worker.terminate();
  }
}

function expectEqual({ differences }: PlanAnswer): void {
  for (const [flavour, outputs] of Object.entries(differences)) {
    for (const [output, { largest, deviation }] of Object.entries(outputs)) {
      expect(deviation, output).to.be.greaterThan(0);
      expect(largest / deviation, `${output} on ${flavour} kernels`).to.be.at.most(tolerance);
    }
  }
}

describe('planned networks', function () {
  this.timeout(slowTestMs);

  it('DenseNet-121 answers as on tfjs’s own kernels, in half of the memory', async () => {
    const answer = await ask('densenet-121');
    expectEqual(answer);
    expect(answer.wasmBytes / mebibyte).to.be.at.most(maxDenseNetMib);
  });

  for (const pack of ['pocket', 'gate', 'lungs']) {
    it(`the pack ${pack} answers as on tfjs’s own kernels`, async () => {
      expectEqual(await ask(pack));
    });
  }
});
