/**
 * Builds the app into dist/: `dist/www` is the site, `dist/cli` the command line, `dist/test` what tests open.
 *
 *   node build.mjs            production build
 *   node build.mjs --test     the same, and un-hashed worker bundles for the tests
 *   node build.mjs --watch    development: rebuilds on change
 *   --version X               another version number (tests publish a "new version" with it)
 *   --out DIR                 instead of dist
 *   --only-cli                the command line alone
 *
 * Every address it writes is relative to the app's root, so that the site works under any folder.
 */

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { buildCommandLine } from './tools/build/bundle-command-line.mjs';
import { buildForTests } from './tools/build/bundle-for-tests.mjs';
import { buildServiceWorker } from './tools/build/bundle-service-worker.mjs';
import {
  commonOptions,
  defines,
  dicomCodecs,
  hashDigits,
  helperEntry,
  jpegFolder,
  kernelAssets,
  root,
  tfjsWasmFolder,
  writeKernels,
} from './tools/build/bundle-settings.mjs';
import { compileKernels } from './tools/build/compile-kernels.mjs';
import { collectLicences } from './tools/build/licences.mjs';
import { slimTfjs } from './tools/build/slim-tfjs.mjs';
import { writeStaticHostHeaders } from './tools/build/static-headers.mjs';

/** @param {{ outDir: string, version: string, forTests: boolean, development: boolean }} options */
export async function build(options) {
  const site = join(options.outDir, 'www');
  await rm(site, { recursive: true, force: true });
  await mkdir(join(site, 'assets'), { recursive: true });

  const kernels = await buildKernels(options);
  const binaries = await copyBinaries(site, kernels);
  // Its own build: workers know its name.
  binaries.kernelHelper = (
    await bundle({ 'kernel-helper': helperEntry }, site, options, defines(options, 'helper', binaries))
  )['kernel-helper'];
  const define = {
    ...defines(options, await hashSources(options.version), binaries),
    CHESTER_OWN_PACKS: await ownPacks(),
  };
  const workers = await bundle(
    {
      'decode-worker': 'src/decoding/decode-worker.ts',
      'inference-worker': 'src/inference/inference-worker.ts',
    },
    site,
    options,
    define,
  );
  const assets = { ...binaries, decodeWorker: workers['decode-worker'], inferenceWorker: workers['inference-worker'] };
  const page = await bundle({ main: 'src/main.ts', style: 'src/ui/styles/global.css' }, site, options, {
    ...define,
    CHESTER_ASSETS: JSON.stringify(assets),
  });

  await copyStatic(site);
  await writeIndex(site, page);
  await writeFile(join(site, 'licences.json'), JSON.stringify(await collectLicences(root), null, 1));
  await writeStaticHostHeaders(join(root, 'src/shared/security-headers.ts'), join(site, '_headers'));
  await buildServiceWorker(site, options, define);
  await buildCommandLine(options, kernels);
  if (options.forTests) await buildForTests(options, kernels);
  return { site, assets, page };
}

/** Our kernels in all builds, and in dist/kernels for sources that Node runs as they are. */
async function buildKernels({ outDir }) {
  const kernels = {};
  for (const [flavour, relaxed] of Object.entries({ plain: false, relaxed: true })) {
    kernels[flavour] = await compileKernels({ relaxed });
    kernels[`${flavour}-shared`] = await compileKernels({ relaxed, shared: true });
  }
  await writeKernels(join(outDir, 'kernels'), kernels);
  return kernels;
}

/** Copies what is opened by address and gives it hashed names. */
async function copyBinaries(site, kernels) {
  const files = {
    tfjsWasm: join(tfjsWasmFolder, 'tfjs-backend-wasm.wasm'),
    tfjsWasmSimd: join(tfjsWasmFolder, 'tfjs-backend-wasm-simd.wasm'),
    jpegDecoderWasm: join(jpegFolder, 'mozjpeg_dec.wasm'),
    ...dicomCodecs,
  };
  const copied = {};
  for (const [name, path] of Object.entries(files)) {
    copied[name] = await writeHashed(site, basename(path), await readFile(path));
  }
  for (const [asset, build] of Object.entries(kernelAssets)) {
    copied[asset] = await writeHashed(site, `kernels-${build}.wasm`, kernels[build]);
  }
  return copied;
}

async function writeHashed(site, name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, hashDigits);
  const extension = extname(name);
  const path = `assets/${basename(name, extension)}-${hash}${extension}`;
  await writeFile(join(site, path), content);
  return path;
}

/** Packs that the app knows without its site, as a JSON text. */
async function ownPacks() {
  const path = join(root, 'models/catalog.json');
  return existsSync(path) ? JSON.stringify(JSON.parse(await readFile(path, 'utf8')).packs) : '[]';
}

/** Bundles entries with code splitting; returns entry name → address. */
async function bundle(entryPoints, site, options, define) {
  const result = await esbuild.build({
    ...commonOptions(options),
    entryPoints,
    outdir: join(site, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    define,
    metafile: true,
    plugins: [minifyTemplates(options), slimTfjs()],
  });
  const addresses = {};
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    if (output.entryPoint === undefined) continue;
    const name = Object.keys(entryPoints).find((key) => entryPoints[key] === output.entryPoint);
    if (name !== undefined) addresses[name] = relative(site, join(root, path)).replaceAll('\\', '/');
  }
  await mkdir(join(options.outDir, 'meta'), { recursive: true });
  await writeFile(join(options.outDir, 'meta', `${Object.keys(entryPoints)[0]}.json`), JSON.stringify(result.metafile));
  return addresses;
}

/** Collapses white space in `html` and `css` templates of src/ui: a seventh of the shell. */
function minifyTemplates(options) {
  return {
    name: 'minify-templates',
    setup(pluginBuild) {
      if (options.development) return;
      pluginBuild.onLoad({ filter: /src[\\/]ui[\\/].*\.styles\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        return {
          contents: text.replace(/\/\*(?!\*)[\s\S]*?\*\//g, '').replace(/\n\s+/g, '\n'),
          loader: 'ts',
        };
      });
    },
  };
}

async function copyStatic(site) {
  await cp(join(root, 'static'), site, {
    recursive: true,
    filter: (path) => basename(path) !== 'index.html' && !path.endsWith('.md'),
  });
  await cp(join(root, 'manifest.webmanifest'), join(site, 'manifest.webmanifest'));
  if (existsSync(join(root, 'models'))) {
    await cp(join(root, 'models'), join(site, 'models'), {
      recursive: true,
      filter: (path) => !path.endsWith('README.md') && !path.endsWith('.schema.json'),
    });
  }
}

async function writeIndex(site, page) {
  const { metaContentSecurityPolicy } = await importTypeScript('src/shared/security-headers.ts');
  const html = await readFile(join(root, 'static/index.html'), 'utf8');
  const filled = html
    .replace('<!-- csp -->', `<meta http-equiv="Content-Security-Policy" content="${metaContentSecurityPolicy}">`)
    .replaceAll('%MAIN_JS%', page.main)
    .replaceAll('%MAIN_CSS%', page.style);
  if (/%[A-Z_]+%|<!-- csp -->/.test(filled)) throw new Error('static/index.html: a placeholder was not filled');
  await writeFile(join(site, 'index.html'), filled);
}

/** Runs one of our own modules in Node, so that a value has one home. */
async function importTypeScript(path) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  return import(`data:text/javascript,${encodeURIComponent(result.outputFiles[0].text)}`);
}

/** Names a build by what it is made of, so that page, workers and service worker can carry the same name. */
async function hashSources(version) {
  const hash = createHash('sha256').update(version);
  for (const folder of ['src', 'sw', 'static', 'models', 'tools/build']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) hash.update(relative(root, path)).update(await readFile(path));
  }
  for (const file of ['build.mjs', 'package-lock.json', 'manifest.webmanifest'])
    hash.update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, hashDigits);
}

async function watchAndRebuild(options) {
  let timer;
  const folders = ['src', 'sw', 'static', 'models'];
  await Promise.all(
    folders.map(async (folder) => {
      for await (const { filename } of watch(join(root, folder), { recursive: true })) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          console.log(`changed: ${folder}/${filename}`);
          build(options).catch((error) => console.error(error.message));
        }, 150);
      }
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      test: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      version: { type: 'string' },
      out: { type: 'string', default: 'dist' },
      'only-cli': { type: 'boolean', default: false },
    },
  });
  const packageJson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const options = {
    outDir: join(root, values.out),
    version: values.version ?? packageJson.version,
    forTests: values.test,
    development: values.watch,
  };
  if (values['only-cli']) await buildCommandLine(options, await buildKernels(options));
  else await build(options);
  if (values.watch) await watchAndRebuild(options);
}
