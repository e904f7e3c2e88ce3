/**
 * Compiles the kernels of src/inference/kernels/assembly from AssemblyScript to WebAssembly, four times from one source:
 * `plain` (SIMD, the same to the last bit everywhere) and `relaxed` (fused multiply-add), for one thread and for several.
 */

import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const entry = 'src/inference/kernels/assembly/index.ts';
const sharedEntry = 'src/inference/kernels/assembly/shared.ts';

/**
 * -O1, because higher levels nest one step's multiply-add into the next, which makes V8 spill: 23–40 % slower
 * (docs/decisions/0017-own-kernels.md). `stub`: nothing is allocated. The memory is tfjs's.
 */
const commonFlags = [
  '-O1',
  ...['--runtime', 'stub', '--noAssert', '--importMemory', '--noExportMemory', '--initialMemory', '1'],
  ...['--enable', 'simd'],
];

/** Pages of 64 KB up to which a shared memory may grow: whoever makes one states as many or fewer. */
const sharedFlags = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '16384'];

/**
 * @param {{ relaxed: boolean, shared?: boolean, entry?: string }} options `shared`: for a memory that threads share;
 *   `entry`: another module with the same needs, relative to the root
 * @returns {Promise<Uint8Array>} the module's bytes
 */
export async function compileKernels({ relaxed, shared = false, entry: source = shared ? sharedEntry : entry }) {
  let binary;
  const messages = [];
  const { error } = await main(
    [
      ...[source, ...commonFlags, '--outFile', 'kernels.wasm'],
      ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
      ...(shared ? sharedFlags : []),
    ],
    {
      stderr: { write: (text) => void messages.push(text) },
      readFile: async (name, base) => {
        const path = resolve(root, base, name);
        // asc asks for several spellings of a module and takes the one that is there.
        return readFile(path, 'utf8').catch(() => null);
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
      listFiles: () => null,
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(
      `${relative(root, join(root, source))} does not compile: ${messages.join('')}${error?.message ?? ''}`,
    );
  }
  return binary;
}
