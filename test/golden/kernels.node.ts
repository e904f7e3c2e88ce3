import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { before, describe, test } from 'node:test';
import type { Kernels } from '../../src/inference/kernels/kernels.ts';
import { gradientCases } from '../support/gradient-cases.ts';
import { kernelCases, kernelsForTests } from '../support/kernel-cases.ts';

/** The plain build in Node. The relaxed one is tested in Chromium: this Node has relaxed SIMD behind a flag. */
describe('the plain kernels answer as the naive operations do', () => {
  let kernels: Kernels;
  before(async () => {
    const path = fileURLToPath(new URL('../../dist/kernels/plain.wasm', import.meta.url));
    kernels = await kernelsForTests('plain', await WebAssembly.compile(await readFile(path)));
  });
  for (const { name, run } of [...kernelCases, ...gradientCases]) test(name, () => run(kernels));
});
