/**
 * Leaves out of tfjs what its modules bring along and no network of ours uses: a sixth of the engine's JavaScript
 * (docs/decisions/0006-slim-engine.md). What is replaced refuses to work, so that a use would show in the tests, which run
 * on these bundles.
 */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));

/** As dist/index.js, which also registers every optimiser; its own comment says that custom bundles replace it. */
const indexWithoutOptimizers = `
import '@tensorflow/tfjs-core/dist/base_side_effects.js';
export * from '@tensorflow/tfjs-core/dist/base.js';
`;

const refuse = (what) => `const refuse = () => { throw new Error('this build ${what}'); };`;

/** Modules by the end of their path, and what takes their place. */
const replaced = {
  // Fingerprints of strings, for tensors of strings: brings 64-bit arithmetic in JavaScript.
  'tfjs-core/dist/hash_util.js': `${refuse('hashes no strings')}
    export { refuse as fingerPrint64, refuse as hexToLong };`,
  // tfjs's own stores of models; packs are kept by src/storage. Their platform makes a manager of each.
  'tfjs-core/dist/io/indexed_db.js': `${refuse('stores no models')}
    export class BrowserIndexedDB {}
    export class BrowserIndexedDBManager {}
    export { refuse as deleteDatabase };`,
  'tfjs-core/dist/io/local_storage.js': `
    export class BrowserLocalStorage {}
    export class BrowserLocalStorageManager {}`,
  // Gradients of tfjs's own tape; ours are planned (0021-explanations.md).
  'tfjs-core/dist/tape.js': `${refuse('has no tape')}
    export { refuse as getFilteredNodesXToY, refuse as backpropagateGradients };`,
  // What only operations use that no pack may have (graph-operations.ts).
  ...Object.fromEntries(
    [
      'backends/complex_util.js',
      'backends/einsum_util.js',
      'ops/gather_nd_util.js',
      'ops/scatter_nd_util.js',
      'ops/segment_util.js',
      'ops/ragged_to_dense_util.js',
      'ops/sparse/sparse_fill_empty_rows_util.js',
      'ops/sparse/sparse_reshape_util.js',
      'ops/sparse/sparse_segment_reduction_util.js',
    ].map((path) => [`tfjs-core/dist/${path}`, 'export {};']),
  ),
  'tfjs-core/dist/backends/non_max_suppression_impl.js': `${refuse('suppresses no maxima')}
    export { refuse as nonMaxSuppressionV3Impl, refuse as nonMaxSuppressionV4Impl, refuse as nonMaxSuppressionV5Impl };`,
  // tfjs's own threads (0022-threads-of-our-own.md).
  'wasm-out/tfjs-backend-wasm-threaded-simd.worker.js': `export const wasmWorkerContents = '';`,
  'wasm-out/tfjs-backend-wasm-threaded-simd.js': `${refuse('runs no threads of tfjs')}
    export default refuse;`,
};

const escaped = (text) => text.replace(/[.\\/]/g, (found) => (found === '.' ? '\\.' : '[\\\\/]'));

/** @returns {import('esbuild').Plugin} */
export function slimTfjs() {
  return {
    name: 'slim-tfjs',
    setup(build) {
      build.onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: 'core', namespace: 'slim-tfjs' }));
      build.onLoad({ filter: /.*/, namespace: 'slim-tfjs' }, () => ({
        contents: indexWithoutOptimizers,
        resolveDir: core,
      }));
      for (const [path, contents] of Object.entries(replaced)) {
        build.onLoad({ filter: new RegExp(`${escaped(path)}$`) }, () => ({ contents }));
      }
      // Ways to fetch and save models, which do nothing but register themselves.
      build.onResolve({ filter: /^\.\/(io\/io|http|browser_files|passthrough)$/ }, ({ path, resolveDir }) =>
        resolveDir.startsWith(join(core, 'dist'))
          ? { path: `${join(resolveDir, path)}.js`, sideEffects: false }
          : undefined,
      );
    },
  };
}
