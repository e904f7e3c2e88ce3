/**
 * The site that the engines compete on: one DenseNet-121 with random weights that keep the variance of its maps, as the
 * published graph and as packs, so that every engine does the same and answers can be compared.
 */

import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { densenetModelJson, type NodeDef, type PublishedModelJson } from '../../test/support/published-style.ts';
import { writeRandomDenseNet } from '../../test/support/random-published.ts';
import { upstreamModelJson } from '../../test/support/upstream.ts';
import { compileKernels } from '../../tools/build/compile-kernels.mjs';
import { addPublished } from '../../tools/pack/add/add-published.ts';
import { buildDenseNetGraph } from '../../tools/pack/densenet/densenet-graph.ts';
import type { WeightPrecision } from '../../tools/pack/encode-weights.ts';
import { readGraphModel } from '../../tools/pack/published/graph-model.ts';
import { publishedModel } from '../../tools/pack/published/published-models.ts';
import { recogniseDenseNet, type RecognisedDenseNet } from '../../tools/pack/published/recognise-densenet.ts';
import { startPublishedEngine } from '../../tools/pack/published/run-as-published.ts';
import { encodeNetwork, writeNetwork } from '../../tools/pack/write-pack.ts';
import { float32Model, int8Model, observedModel } from '../onnx/densenet-onnx.ts';
import { observeRanges } from '../onnx/observe-ranges.ts';
import { pictures } from './contestant.ts';

const model = publishedModel('chester-v3');
/** Side of the published input, pixels. */
export const publishedSide = 224;

export interface MadeSite {
  /** Of the published graph: its logits' node. */
  readonly logits: string;
  /** Whether the topology is the published one, or one of its kind. */
  readonly isUpstream: boolean;
}

/** Bundles scripts into the site; `entries`: name without `.js` → file. */
export async function bundleScripts(site: string, entries: Readonly<Record<string, string>>): Promise<void> {
  await esbuild.build({
    entryPoints: entries,
    outdir: site,
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['fs', 'path', 'os', 'crypto', 'util', 'worker_threads', 'perf_hooks', 'ws', 'string_decoder'],
    tsconfig: 'src/tsconfig.json',
  });
}

/**
 * Writes `index.html` with `page.js` to come, `assets/` as the tests have them, and `published/`, the published graph.
 * `node build.mjs --test` goes before.
 */
export async function startSite(site: string): Promise<MadeSite> {
  await writeFile(
    join(site, 'index.html'),
    '<!doctype html><title>Bench</title><script type="module" src="page.js"></script>',
  );
  await cp('dist/test/assets', join(site, 'assets'), { recursive: true });
  const folder = join(site, 'published');
  await mkdir(folder);
  await startPublishedEngine();
  const upstream = await upstreamModelJson(model.id);
  await writeRandomDenseNet(folder, upstream ?? densenetModelJson());
  const { nodes } = recogniseDenseNet(await readGraphModel(folder));
  return { logits: nodes.logits, isUpstream: upstream !== undefined };
}

/** Whole packs, to be stored and loaded as the app does it: `packs/<precision>`. */
export async function addPacks(site: string, precisions: readonly WeightPrecision[]): Promise<void> {
  for (const precision of precisions) {
    await addPublished(model, {
      from: join(site, 'published'),
      unverified: true,
      id: precision,
      version: '1.0.0',
      // Random weights amplify what rounding does; how much is the tests' business.
      shortening: { precision, allowedDifference: 1 },
      out: join(site, 'packs'),
    });
  }
}

/** For each side the published graph as `published/<side>.json` and our graph of it in float32 as `graphs/<side>`. */
export async function addSides(site: string, sides: readonly number[]): Promise<void> {
  const folder = join(site, 'published');
  const published = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as PublishedModelJson;
  const recognised = recogniseDenseNet(await readGraphModel(folder));
  for (const side of sides) {
    await writeFile(join(folder, `${side}.json`), JSON.stringify(atSide(published, side)));
    await writeGraph(join(site, 'graphs', String(side)), recognised, side);
  }
}

/** Nothing else in the graph depends on the size of its input. */
function atSide(published: PublishedModelJson, side: number): PublishedModelJson {
  const dim = [1, 1, side, side].map((size) => ({ size: String(size) }));
  const resized = (node: NodeDef): NodeDef =>
    node.op === 'Placeholder' ? { ...node, attr: { ...node.attr, shape: { shape: { dim } } } } : node;
  const { modelTopology, weightsManifest, format } = published;
  // Without what else the file has: its signature states the size too.
  return { format, modelTopology: { ...modelTopology, node: modelTopology.node.map(resized) }, weightsManifest };
}

/** What of a pack a graph needs. */
async function writeGraph(folder: string, weights: RecognisedDenseNet, side: number): Promise<void> {
  const { writer, outputs } = buildDenseNetGraph(weights, side);
  const encoded = encodeNetwork(writer, 'float32');
  await writeNetwork(folder, encoded);
  await writeFile(join(folder, 'pack.json'), JSON.stringify({ outputs, weights: encoded.weights, files: [] }));
}

/** `onnx/float32.onnx`, `onnx/int8.onnx` and what onnxruntime-web loads, as `ort/`. @param side pixels */
export async function addOnnx(site: string, side: number): Promise<void> {
  const weights = recogniseDenseNet(await readGraphModel(join(site, 'published')));
  const { model: observed, maps } = observedModel(weights, side);
  const ranges = await observeRanges(observed, maps, pictures(side), side);
  await mkdir(join(site, 'onnx'));
  await writeFile(join(site, 'onnx/float32.onnx'), float32Model(weights, side));
  await writeFile(join(site, 'onnx/int8.onnx'), int8Model(weights, side, ranges));
  await mkdir(join(site, 'ort'));
  for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    await cp(fileURLToPath(import.meta.resolve(`onnxruntime-web/${file}`)), join(site, 'ort', file));
  }
}

export async function addPeak(site: string): Promise<void> {
  await writeFile(
    join(site, 'fma-peak-relaxed.wasm'),
    await compileKernels({ relaxed: true, entry: 'bench/assembly/fma-peak.ts' }),
  );
}
