import { expect } from '@open-wc/testing';
import type { Kernels } from '../../../src/inference/kernels/kernels.ts';
import { hasRelaxedSimd } from '../../../src/inference/kernels/relaxed-simd.ts';
import { hasSimd, hasThreads } from '../../../src/inference/wasm-features.ts';
import { gradientCases } from '../../support/gradient-cases.ts';
import { kernelCases, kernelsForTests } from '../../support/kernel-cases.ts';

/** Made by `node build.mjs --test`. */
const folder = '/dist/test/assets';
const slowTestMs = 60_000;

for (const flavour of ['plain', 'relaxed'] as const) {
  describe(`the ${flavour} kernels answer as the naive operations do`, function () {
    this.timeout(slowTestMs);
    let kernels: Kernels;
    before(async () => {
      const bytes = await (await fetch(`${folder}/kernels-${flavour}.wasm`)).arrayBuffer();
      kernels = await kernelsForTests(flavour, await WebAssembly.compile(bytes));
    });
    for (const { name, run } of [...kernelCases, ...gradientCases]) it(name, () => run(kernels));
  });
}

it('this Chromium has SIMD, relaxed SIMD and threads, and says so', () => {
  expect(hasSimd()).to.equal(true);
  expect(hasRelaxedSimd()).to.equal(true);
  expect(hasThreads()).to.equal(true);
});
