/** What all bundles have in common: where things are, whom they must run for, and what is known when they are built. */

import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

/** Oldest engines that have everything we use: module workers in Firefox 114, Safari 16.4. */
const browserTargets = ['chrome111', 'firefox114', 'safari16.4'];
/** Hexadecimal digits of a content hash in a file name: enough to never meet in one folder. */
export const hashDigits = 10;

export const tfjsWasmFolder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
export const helperEntry = 'src/inference/helper-worker.ts';
export const jpegFolder = join(root, 'node_modules/@jsquash/jpeg/codec/dec');
/** By the asset's name: our kernels' build. */
export const kernelAssets = {
  kernelsPlain: 'plain',
  kernelsRelaxed: 'relaxed',
  kernelsPlainShared: 'plain-shared',
  kernelsRelaxedShared: 'relaxed-shared',
};
/** Decoders of DICOM's compressed pixels: each is loaded when a file needs it, and precached for offline. */
export const dicomCodecs = {
  jpegLsDecoderWasm: require.resolve('@cornerstonejs/codec-charls/decodewasm'),
  jpeg2000DecoderWasm: require.resolve('@cornerstonejs/codec-openjpeg/decodewasm'),
  htj2kDecoderWasm: require.resolve('@cornerstonejs/codec-openjph/wasm'),
};

/** esbuild's options of every bundle. */
export function commonOptions(options) {
  return {
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: browserTargets,
    minify: !options.development,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfig: join(root, 'src/tsconfig.json'),
    // tfjs names Node's modules behind run-time checks; nothing of them is ever reached in a browser.
    external: ['fs', 'path', 'os', 'crypto', 'util', 'worker_threads', 'perf_hooks', 'ws', 'string_decoder'],
  };
}

/** What sources know of their build (src/shared/build.ts). */
export function defines(options, buildId, binaries) {
  return {
    'process.env.NODE_ENV': JSON.stringify(options.development ? 'development' : 'production'),
    CHESTER_APP_VERSION: JSON.stringify(options.version),
    CHESTER_BUILD_ID: JSON.stringify(buildId),
    CHESTER_ASSETS: JSON.stringify({ ...binaries, decodeWorker: '', inferenceWorker: '' }),
  };
}

/** Our kernels, by flavour, into a folder. */
export async function writeKernels(folder, kernels) {
  await mkdir(folder, { recursive: true });
  for (const [flavour, bytes] of Object.entries(kernels)) await writeFile(join(folder, `${flavour}.wasm`), bytes);
}
