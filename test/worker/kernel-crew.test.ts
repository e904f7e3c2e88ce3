import { expect } from '@open-wc/testing';
import type { CrewAnswer, CrewQuestion } from '../support/crew-worker.ts';

/** Our kernels on several threads, in a real browser. Made by `node build.mjs --test`. */

const workerAddress = '/dist/test/assets/crew-worker.js';
/** Four threads on two cores that may be busy. */
const slowTestMs = 280_000;

async function ask(question: CrewQuestion): Promise<CrewAnswer> {
  const worker = new Worker(workerAddress, { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ value: CrewAnswer; error?: string }>) =>
        data.error === undefined ? resolve(data.value) : reject(new Error(data.error));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
  }
}

describe('our kernels on several threads', function () {
  this.timeout(slowTestMs);

  for (const flavour of ['plain', 'relaxed'] as const) {
    it(`answer as the naive operations do (${flavour})`, async () => {
      const { wrong, count } = await ask({ ask: 'cases', flavour });
      expect(count).to.be.greaterThan(0);
      expect(wrong).to.deep.equal([]);
    });

    it(`give to the last bit what one thread gives, run after run (${flavour})`, async () => {
      const { wrong, count } = await ask({ ask: 'network', flavour });
      expect(count).to.be.greaterThan(0);
      expect(wrong).to.deep.equal([]);
    });
  }

  it('are as many as proved faster, and compute right', async () => {
    const { wrong, count } = await ask({ ask: 'choice', flavour: 'relaxed' });
    expect(count).to.be.greaterThan(0);
    expect(wrong).to.deep.equal([]);
  });

  it('go on alone where a thread does not begin in time', async () => {
    const { wrong, count } = await ask({ ask: 'silent-helper', flavour: 'plain' });
    expect(wrong).to.deep.equal(['engine-timeout']);
    expect(count).to.equal(1);
  });
});
