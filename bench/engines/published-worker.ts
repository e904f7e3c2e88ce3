/** A published graph as its publisher's own program runs it: tfjs-converter on stock WASM SIMD, all of tfjs's kernels. */

import { expose } from 'comlink';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { engine, env, getBackend, ready, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { pictures, timeOf, type ContestantApi, type ContestantSpec } from './contestant.ts';

/** In tfjs's own store in IndexedDB. */
const stored = 'indexeddb://published';
let model: GraphModel | undefined;
let inputs: readonly Tensor[] = [];
let logits: string | undefined;

/** @param inputsOf one input or more, of this side */
async function load(address: string, inputsOf: (side: number) => readonly Float32Array[]): Promise<void> {
  model = await loadGraphModel(address);
  const shape = (model.inputs[0]?.shape ?? []).map(Math.abs);
  inputs = inputsOf(shape.at(-1)!).map((values) => tensor(values, shape));
}

/** Made in no time: for timings that begin before there is an input. */
function stripes(side: number): Float32Array[] {
  return [Float32Array.from({ length: side * side }, (_, at) => ((at * 7919) % 2048) - 1024)];
}

function execute(input: Tensor, output?: string): Float32Array {
  const answer = model!.execute(input, output) as Tensor;
  const values = answer.dataSync<'float32'>();
  answer.dispose();
  return values;
}

const api = {
  async start(): Promise<void> {
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths(new URL('assets/', self.location.href).href);
    await setBackend('wasm');
    await ready();
    if (getBackend() !== 'wasm') throw new Error(`tfjs took ${getBackend()}`);
  },

  /** From the server into IndexedDB, as `tf.io` does it. */
  async store(): Promise<void> {
    const loaded = await loadGraphModel(new URL('published/model.json', self.location.href).href);
    await loaded.save(stored);
    loaded.dispose();
    // `save` does not wait for its transaction to end, which ends with this worker; a read queues behind it.
    (await loadGraphModel(stored)).dispose();
  },

  /** Milliseconds. */
  async loadStored(): Promise<number> {
    const start = performance.now();
    await load(stored, stripes);
    return performance.now() - start;
  },

  async load(spec: ContestantSpec): Promise<void> {
    if (spec.worker !== 'published-worker.js') throw new Error(`not for this worker: ${spec.worker}`);
    await api.start();
    await load(new URL(spec.model, self.location.href).href, pictures);
    ({ logits } = spec);
  },

  run: (): number => timeOf(() => execute(inputs[0]!)),

  answers: (): number[][] => inputs.map((input) => [...execute(input, logits)]),

  wasmBytes(): number {
    const { backend } = engine();
    if (!(backend instanceof BackendWasm)) throw new Error('not WASM');
    return (backend.wasm as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8.buffer.byteLength;
  },
} satisfies ContestantApi & Record<string, unknown>;

export type PublishedApi = typeof api;

expose(api);
