/** A published graph as its publisher's own program runs it: tfjs-converter on stock WASM SIMD, out of tfjs's IndexedDB. */

import { expose } from 'comlink';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { engine, env, getBackend, ready, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const stored = 'indexeddb://published';
let model: GraphModel | undefined;
let input: Tensor | undefined;

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

  async load(): Promise<number> {
    const start = performance.now();
    model = await loadGraphModel(stored);
    const loadMs = performance.now() - start;
    const shape = model.inputs[0]?.shape ?? [];
    const size = shape.reduce((product, side) => product * Math.abs(side), 1);
    input = tensor(
      Float32Array.from({ length: size }, (_, at) => ((at * 7919) % 2048) - 1024),
      shape.map(Math.abs),
    );
    return loadMs;
  },

  run(): number {
    if (model === undefined || input === undefined) throw new Error('load first');
    const start = performance.now();
    const output = model.execute(input) as Tensor;
    output.dataSync();
    output.dispose();
    return performance.now() - start;
  },

  wasmBytes(): number {
    const { backend } = engine();
    if (!(backend instanceof BackendWasm)) throw new Error('not WASM');
    return (backend.wasm as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8.buffer.byteLength;
  },
};

export type PublishedApi = typeof api;

expose(api);
