import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import {
  commonOptions,
  defines,
  dicomCodecs,
  helperEntry,
  jpegFolder,
  kernelAssets,
  tfjsWasmFolder,
} from './bundle-settings.mjs';
import { slimTfjs } from './slim-tfjs.mjs';

/** Un-hashed bundles, so that tests can open a worker by a name they know. */
export async function buildForTests(options, kernels) {
  const folder = join(options.outDir, 'test');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'assets'), { recursive: true });
  const names = {
    tfjsWasm: 'tfjs-backend-wasm.wasm',
    tfjsWasmSimd: 'tfjs-backend-wasm-simd.wasm',
  };
  for (const name of Object.values(names)) await cp(join(tfjsWasmFolder, name), join(folder, 'assets', name));
  const codecs = { jpegDecoderWasm: join(jpegFolder, 'mozjpeg_dec.wasm'), ...dicomCodecs };
  for (const path of Object.values(codecs)) await cp(path, join(folder, 'assets', basename(path)));
  for (const build of Object.values(kernelAssets)) {
    await writeFile(join(folder, `assets/kernels-${build}.wasm`), kernels[build]);
  }
  const assets = {
    ...Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `assets/${name}`])),
    ...Object.fromEntries(Object.entries(codecs).map(([key, path]) => [key, `assets/${basename(path)}`])),
    ...Object.fromEntries(
      Object.entries(kernelAssets).map(([asset, build]) => [asset, `assets/kernels-${build}.wasm`]),
    ),
    kernelHelper: 'assets/kernel-helper.js',
    decodeWorker: 'assets/decode-worker.js',
    inferenceWorker: 'assets/inference-worker.js',
  };
  await esbuild.build({
    ...commonOptions(options),
    entryPoints: {
      'decode-worker': 'src/decoding/decode-worker.ts',
      'inference-worker': 'src/inference/inference-worker.ts',
      'kernel-helper': helperEntry,
      'plan-worker': 'test/support/plan-worker.ts',
      'crew-worker': 'test/support/crew-worker.ts',
    },
    outdir: join(folder, 'assets'),
    splitting: true,
    minify: false,
    plugins: [slimTfjs()],
    define: { ...defines(options, 'test', {}), CHESTER_ASSETS: JSON.stringify(assets) },
  });
}
