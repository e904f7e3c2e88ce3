/** Which built files belong to which budget, and how large they are. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export interface Size {
  raw: number;
  gzip: number;
  brotli: number;
}

interface Budget {
  readonly bytes: number;
  readonly of: 'raw' | 'gzip';
}

export const budgets: Readonly<Record<string, Budget>> = {
  shell: { bytes: 60_000, of: 'gzip' },
  engine: { bytes: 50_000, of: 'gzip' },
  'engine, tfjs too': { bytes: 220_000, of: 'gzip' },
  'DICOM, added': { bytes: 16_000, of: 'gzip' },
  packs: { bytes: 7_000_000, of: 'raw' },
  'first install': { bytes: 12_000_000, of: 'raw' },
};

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
}

async function sizeOf(paths: readonly string[]): Promise<Size> {
  const total: Size = { raw: 0, gzip: 0, brotli: 0 };
  for (const path of paths) {
    const content = await readFile(path);
    total.raw += content.byteLength;
    total.gzip += gzipSync(content, { level: 9 }).byteLength;
    total.brotli += brotliCompressSync(content).byteLength;
  }
  return total;
}

/** An entry's file and everything that it imports at once (not what it imports later). */
function withStaticImports(metafile: Metafile, entryPoint: string): string[] {
  const start = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entryPoint)?.[0];
  if (start === undefined) throw new Error(`${entryPoint} is not in the build`);
  const found = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && metafile.outputs[imported] !== undefined) waiting.push(imported);
    }
  }
  return [...found];
}

async function listFiles(folder: string, matches: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(matches);
}

/** @param outDir the folder that build.mjs wrote, e.g. `dist` */
export async function measureSizes(outDir: string): Promise<Record<string, Size>> {
  const site = join(outDir, 'www');
  const page = JSON.parse(await readFile(join(outDir, 'meta/main.json'), 'utf8')) as Metafile;
  const workers = JSON.parse(await readFile(join(outDir, 'meta/decode-worker.json'), 'utf8')) as Metafile;
  const everything = await listFiles(site, (path) => !path.endsWith('.map') && !path.endsWith('_headers'));
  const binary = (name: string): string[] =>
    everything.filter((path) => new RegExp(`[\\\\/]${name}-[0-9a-f]+\\.wasm$`, 'u').test(path));
  // What one device loads: one build of our kernels, and tfjs's SIMD module where a pack needs tfjs.
  const engine = [...withStaticImports(workers, 'src/inference/inference-worker.ts'), ...binary('kernels-relaxed')];
  const tfjs = [...withStaticImports(workers, 'src/inference/tfjs.ts'), ...binary('tfjs-backend-wasm-simd')];
  const decoder = withStaticImports(workers, 'src/decoding/decode-worker.ts');
  const dicom = withStaticImports(workers, 'src/imaging/dicom/decode-dicom.ts');
  const packs = everything.filter((path) => path.startsWith(join(site, 'models')));
  return {
    shell: await sizeOf([
      join(site, 'index.html'),
      ...withStaticImports(page, 'src/main.ts'),
      ...withStaticImports(page, 'src/ui/styles/global.css'),
    ]),
    engine: await sizeOf(engine),
    'engine, tfjs too': await sizeOf([...new Set([...engine, ...tfjs])]),
    'decode worker': await sizeOf(decoder),
    // What the first DICOM file loads, without the codecs that single syntaxes need.
    'DICOM, added': await sizeOf(dicom.filter((path) => !decoder.includes(path))),
    packs: await sizeOf(packs),
    'first install': await sizeOf(everything),
  };
}
