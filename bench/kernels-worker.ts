/** The worker of bench/kernels.ts: all engines in one place, one after another, so that what disturbs one disturbs all. */

import { loadGraphNetwork, loadGraph, type GraphNetwork } from '../src/inference/graph-network.ts';
import { startEngine } from '../src/inference/engine.ts';
import { parseGraph, type GraphNode } from '../src/inference/graph-definition.ts';
import { loadGradientNetwork, type GradientNetwork } from '../src/inference/kernels/gradient-network.ts';
import { KernelProgram } from '../src/inference/kernels/kernel-program.ts';
import { createKernels, type Kernels } from '../src/inference/kernels/kernels.ts';
import { createHeap } from '../src/inference/kernels/linear-heap.ts';
import { minWinogradColumns, planLayout } from '../src/inference/kernels/plan-layout.ts';
import { noBorder, noClamp, type MapShape } from '../src/inference/kernels/planned-operation.ts';
import { readWeights, type WeightValues } from '../src/inference/read-weights.ts';
import { engineMemory, type EnginePaths } from '../src/inference/engine-modes.ts';
import type { KernelFlavour } from '../src/shared/messages.ts';
import type { FindingsManifest, LungsManifest, PackManifest } from '../src/shared/pack.ts';
import { finishRun } from '../test/support/finish-run.ts';
import { denseNet121, denseNetOutputs, randomDenseNet } from '../test/support/random-densenet.ts';
import { randomNumbers } from '../test/support/random-numbers.ts';
import { flopsPerGigaAndMs, peakFlops, preparePeak } from './fma-peak.ts';

export const engines = ['stock', 'plain', 'relaxed'] as const;
export type Engine = (typeof engines)[number];
const flavours = ['plain', 'relaxed'] as const;

/** Milliseconds of each round, by engine; the rounds are interleaved. */
export interface NetworkTimes {
  /** Milliseconds from decoded weights to a network that may run. */
  readonly loadMs: Readonly<Record<Engine, number>>;
  readonly ms: Readonly<Record<Engine, readonly number[]>>;
  /** Largest difference of a logit from the stock engine's, over the deviation of the logits. */
  readonly difference: Readonly<Record<Engine, number>>;
}

/** GFLOP/s, the best of all rounds. */
export type Rates = Readonly<Record<string, number>>;

export interface KernelsWorkerApi {
  rates: Rates;
  denseNet: NetworkTimes;
  pocket: NetworkTimes;
  lungs: NetworkTimes;
  gradients: GradientTimes;
  /** Bytes of linear memory after one run of DenseNet-121 alone. */
  memory: number;
  /** The same after its input gradient. */
  gradientMemory: number;
}

/** The input gradient of one number of the logits, beside a forward pass on the same kernels. */
export type GradientTimes = Readonly<Record<'denseNet' | 'pocket', Readonly<Record<KernelFlavour, GradientTime>>>>;

export interface GradientTime {
  readonly loadMs: number;
  /** Of each round, one after the other. */
  readonly forwardMs: readonly number[];
  readonly gradientMs: readonly number[];
}

const paths: EnginePaths = {
  wasm: address('tfjs-backend-wasm.wasm'),
  wasmSimd: address('tfjs-backend-wasm-simd.wasm'),
  stockAtOnce: true,
};

function address(path: string): string {
  return new URL(path, self.location.href).href;
}

async function compile(path: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await (await fetch(address(path))).arrayBuffer());
}

async function kernelsOf(flavour: KernelFlavour): Promise<Kernels> {
  return createKernels(flavour, await compile(`kernels-${flavour}.wasm`), createHeap());
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

interface Product {
  readonly side: number;
  readonly window: number;
  readonly depth: number;
  readonly columns: number;
}

/** Layers of DenseNet-121 and MobileNetV2: side of the map, window, channels in and out. */
const products: readonly Product[] = [
  { side: 28, window: 1, depth: 256, columns: 128 },
  { side: 56, window: 1, depth: 128, columns: 128 },
  { side: 14, window: 1, depth: 512, columns: 128 },
  { side: 56, window: 1, depth: 24, columns: 144 },
  { side: 7, window: 1, depth: 960, columns: 160 },
  // So few channels out that it goes the direct way.
  { side: 28, window: 3, depth: 128, columns: 8 },
  { side: 28, window: 3, depth: 128, columns: 32 },
  { side: 14, window: 3, depth: 128, columns: 32 },
];

function nameOf({ side, window, depth, columns }: Product): string {
  const way = window > 1 && columns >= minWinogradColumns ? ' by Winograd, as if direct' : '';
  return `${window} × ${window} on ${side} × ${side}, ${depth} to ${columns} channels${way}`;
}

const rateRounds = 12;
/** Work in one timed call: some milliseconds, far above the clock's resolution. */
const flopsPerTiming = 2e8;

async function measureRates(): Promise<Rates> {
  await startEngine('simd', paths);
  const best: Record<string, number> = {};
  const note = (name: string, flops: number, ms: number): void => {
    best[name] = Math.max(best[name] ?? 0, flops / ms / flopsPerGigaAndMs);
  };
  const jobs: (() => void)[] = [];
  for (const flavour of flavours) {
    const multiplyAdds = await preparePeak(await compile(`fma-peak-${flavour}.wasm`));
    jobs.push(() => note(`peak ${flavour}`, peakFlops, timeOf(multiplyAdds)));
    const kernels = await kernelsOf(flavour);
    for (const product of products) {
      const { side, window, depth, columns } = product;
      const program = productProgram(product, kernels);
      const flops = 2 * side * side * window * window * depth * columns;
      const repeats = Math.max(1, Math.round(flopsPerTiming / flops));
      jobs.push(() => {
        const ms = timeOf(() => {
          for (let repeat = 0; repeat < repeats; repeat += 1) program.step(0);
        });
        note(`${flavour}, ${nameOf(product)}`, flops * repeats, ms);
      });
    }
  }
  for (let round = 0; round < rateRounds; round += 1) for (const job of jobs) job();
  return best;
}

function productProgram({ side, window, depth, columns }: Product, kernels: Kernels): KernelProgram {
  const random = randomNumbers(7);
  const map: MapShape = { height: side, width: side, channels: depth };
  const margin = (window - 1) / 2;
  const padding = { ...noBorder, top: margin, left: margin, bottom: margin, right: margin };
  const filter = {
    height: window,
    width: window,
    depth,
    columns,
    values: random.floats(window ** 2 * depth * columns),
  };
  const operation = {
    kind: 'convolution',
    output: 'output',
    inputs: ['input'],
    filter,
    strides: { y: 1, x: 1 },
    padding,
    clamp: noClamp,
  } as const;
  const shapes = new Map([
    ['input', map],
    ['output', { ...map, channels: columns }],
  ]);
  const program = new KernelProgram(planLayout({ operations: [operation], shapes }, ['input'], ['output']), kernels);
  program.begin();
  program.write('input', random.floats(side * side * depth));
  return program;
}

interface Contestants {
  readonly networks: Readonly<Record<Engine, GraphNetwork>>;
  readonly loadMs: NetworkTimes['loadMs'];
}

async function load(makeNetwork: (kernels: Kernels | null) => GraphNetwork): Promise<Contestants> {
  await startEngine('simd', paths);
  const kernels = { stock: null, plain: await kernelsOf('plain'), relaxed: await kernelsOf('relaxed') };
  const networks: Partial<Record<Engine, GraphNetwork>> = {};
  const loadMs = { stock: 0, plain: 0, relaxed: 0 };
  for (const engine of engines) loadMs[engine] = timeOf(() => (networks[engine] = makeNetwork(kernels[engine])));
  return { networks: networks as Contestants['networks'], loadMs };
}

/** Rounds that compile and warm up, thrown away. */
const warmRounds = 5;

function compete(
  { networks, loadMs }: Contestants,
  outputs: readonly string[],
  logits: string,
  rounds: number,
): NetworkTimes {
  const length = networks.stock.inputShape.reduce((product, size) => product * size, 1);
  const input = randomNumbers(11).floats(length);
  const ms: Record<Engine, number[]> = { stock: [], plain: [], relaxed: [] };
  const answers: Partial<Record<Engine, Float32Array>> = {};
  for (let round = 0; round < warmRounds + rounds; round += 1) {
    for (const engine of engines) {
      const took = timeOf(() => {
        answers[engine] = networks[engine].run(input, outputs)[logits]!.values;
      });
      if (round >= warmRounds) ms[engine].push(took);
    }
  }
  const expected = answers.stock!;
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
  const deviation = Math.sqrt(expected.reduce((sum, value) => sum + (value - mean) ** 2, 0) / expected.length);
  const differenceOf = (engine: Engine): number =>
    Math.max(...answers[engine]!.map((value, index) => Math.abs(value - expected[index]!))) / deviation;
  const difference = { stock: 0, plain: differenceOf('plain'), relaxed: differenceOf('relaxed') };
  for (const engine of engines) networks[engine].dispose();
  return { loadMs, ms, difference };
}

const denseNetRounds = 25;
const pocketRounds = 60;

async function measureDenseNet(): Promise<NetworkTimes> {
  const { nodes, weights } = randomDenseNet(denseNet121);
  const contestants = await load((kernels) => loadGraph(nodes, weights, denseNetOutputs, kernels));
  return compete(contestants, denseNetOutputs, 'logits', denseNetRounds);
}

async function readPack<Manifest extends PackManifest>(
  id: string,
): Promise<{ manifest: Manifest; files: Map<string, ArrayBuffer> }> {
  const read = async (path: string): Promise<ArrayBuffer> =>
    (await fetch(address(`models/${id}/${path}`))).arrayBuffer();
  const manifest = JSON.parse(new TextDecoder().decode(await read('pack.json'))) as Manifest;
  const files = new Map<string, ArrayBuffer>();
  for (const path of ['model.json', ...manifest.weights.shards]) files.set(path, await read(path));
  return { manifest, files };
}

/** A U-Net; its masks take the place of logits. */
async function measureLungs(): Promise<NetworkTimes> {
  const { manifest, files } = await readPack<LungsManifest>('lungs');
  const contestants = await load((kernels) => loadGraphNetwork({ manifest, files }, kernels));
  const { masks } = manifest.outputs;
  return compete(contestants, [masks], masks, pocketRounds);
}

async function measurePocket(): Promise<NetworkTimes> {
  const { manifest, files } = await readPack<FindingsManifest>('pocket');
  const contestants = await load((kernels) => loadGraphNetwork({ manifest, files }, kernels));
  return compete(contestants, Object.values(manifest.outputs), manifest.outputs.logits, pocketRounds);
}

interface Explained {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly weights: readonly WeightValues[];
  readonly outputs: readonly string[];
}

async function pocketGraph(): Promise<Explained> {
  const { manifest, files } = await readPack<FindingsManifest>('pocket');
  const bytes = (path: string): ArrayBuffer => files.get(path)!;
  const weights = [...readWeights(manifest.weights, bytes)];
  return { nodes: parseGraph(bytes('model.json')), weights, outputs: [manifest.outputs.logits] };
}

function denseNetGraph(): Explained {
  const { nodes, weights } = randomDenseNet(denseNet121);
  return { nodes, weights, outputs: ['logits'] };
}

const gradientRounds = 25;

function loadGradient({ nodes, weights, outputs }: Explained, kernels: Kernels): GradientNetwork {
  const input = { name: 'input', shape: [1, denseNet121.side, denseNet121.side, 1] };
  const network = loadGradientNetwork(nodes, input, weights, outputs[0]!, kernels);
  if (network === undefined) throw new Error('our kernels do not know the way back');
  return network;
}

function gradientTime(graph: Explained, kernels: Kernels): GradientTime {
  const { nodes, weights, outputs } = graph;
  const forward = loadGraph(nodes, weights, outputs, kernels);
  let network!: GradientNetwork;
  const loadMs = timeOf(() => (network = loadGradient(graph, kernels)));
  const input = randomNumbers(11).floats(denseNet121.side ** 2);
  const forwardMs: number[] = [];
  const gradientMs: number[] = [];
  for (let round = 0; round < warmRounds + gradientRounds; round += 1) {
    const there = timeOf(() => forward.run(input, outputs));
    const back = timeOf(() => finishRun(network.run(input, 0)));
    if (round < warmRounds) continue;
    forwardMs.push(there);
    gradientMs.push(back);
  }
  forward.dispose();
  network.dispose();
  return { loadMs, forwardMs, gradientMs };
}

async function measureGradients(): Promise<GradientTimes> {
  await startEngine('simd', paths);
  const graphs = { denseNet: denseNetGraph(), pocket: await pocketGraph() };
  const kernels = { plain: await kernelsOf('plain'), relaxed: await kernelsOf('relaxed') };
  const timesOf = (graph: Explained): Record<KernelFlavour, GradientTime> => ({
    plain: gradientTime(graph, kernels.plain),
    relaxed: gradientTime(graph, kernels.relaxed),
  });
  return { denseNet: timesOf(graphs.denseNet), pocket: timesOf(graphs.pocket) };
}

/** With the network itself loaded, as in the app. */
async function measureGradientMemory(): Promise<number> {
  const kernels = await kernelsOf('relaxed');
  const graph = denseNetGraph();
  const network = loadGraph(graph.nodes, graph.weights, denseNetOutputs, kernels);
  const input = randomNumbers(11).floats(denseNet121.side ** 2);
  network.run(input, denseNetOutputs);
  finishRun(loadGradient(graph, kernels).run(input, 0));
  return kernels.memory.buffer.byteLength;
}

/** In a worker of its own: linear memory never shrinks. */
async function measureMemory(engine: Engine): Promise<number> {
  await startEngine('simd', paths);
  const { nodes, weights, inputLength } = randomDenseNet(denseNet121);
  const kernels = engine === 'stock' ? undefined : await kernelsOf(engine);
  const network = loadGraph(nodes, weights, denseNetOutputs, kernels);
  network.run(randomNumbers(11).floats(inputLength), denseNetOutputs);
  // A network that is wholly ours runs without tfjs.
  return kernels?.memory.buffer.byteLength ?? engineMemory().wasmBytes;
}

export type KernelsCommand =
  | { readonly measure: 'rates' | 'denseNet' | 'pocket' | 'lungs' | 'gradients' | 'gradientMemory' }
  | { readonly measure: 'memory'; readonly engine: Engine };

function answer(command: KernelsCommand): Promise<KernelsWorkerApi[KernelsCommand['measure']]> {
  switch (command.measure) {
    case 'rates':
      return measureRates();
    case 'denseNet':
      return measureDenseNet();
    case 'pocket':
      return measurePocket();
    case 'lungs':
      return measureLungs();
    case 'gradients':
      return measureGradients();
    case 'gradientMemory':
      return measureGradientMemory();
    case 'memory':
      return measureMemory(command.engine);
  }
}

self.onmessage = ({ data }: MessageEvent<KernelsCommand>) => {
  answer(data).then(
    (value) => self.postMessage({ value }),
    (thrown: unknown) => self.postMessage({ error: thrown instanceof Error ? thrown.stack : String(thrown) }),
  );
};
