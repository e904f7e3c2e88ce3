/**
 * Makes `pthread.js`, the static script that tfjs's thread workers run.
 *
 * Stock tfjs starts its threads from a blob that imports a second blob. Our Content-Security-Policy has no `blob:` and
 * Trusted Types are inherited by nested workers, so that this start hangs for ever. One static file of our own origin
 * that holds both parts needs neither: the package's threaded loader, then the content of its worker script without
 * the step that imports the loader. `src/inference/thread-workers.ts` opens it in place of the blob.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Where the worker script imports the loader; here both are one file. */
const importStep =
  'if(typeof e.data.urlOrBlob=="string"){importScripts(e.data.urlOrBlob)}else{var objectUrl=URL.createObjectURL(e.data.urlOrBlob);importScripts(objectUrl);URL.revokeObjectURL(objectUrl)}';

const licence = '/* tfjs-backend-wasm threads: Copyright Google LLC, Apache-2.0; Emscripten runtime: MIT. */';

/**
 * @returns {Promise<string>} a classic script
 * @throws Error where the package is not the one that this was written for
 */
export async function makePthreadScript() {
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
  const loader = await readFile(join(folder, 'tfjs-backend-wasm-threaded-simd.js'), 'utf8');
  const { wasmWorkerContents } = require(join(folder, 'tfjs-backend-wasm-threaded-simd.worker.js'));
  if (wasmWorkerContents.split(importStep).length !== 2) {
    throw new Error('tfjs-backend-wasm: the thread worker no longer imports its loader as expected');
  }
  // In the package's text a line break stands where the script means the two characters `\n`.
  const worker = wasmWorkerContents.replace(importStep, '').replace(/\n/g, '\\n');
  return `${licence}\n${loader}\n${worker}\n`;
}
