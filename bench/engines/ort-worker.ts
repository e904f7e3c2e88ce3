/** An ONNX model in onnxruntime-web: its WebAssembly provider on one thread, all of its graph optimisations. */

import { expose } from 'comlink';
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import { pictures, type ContestantApi, type ContestantSpec } from './contestant.ts';

let session: InferenceSession;
let inputs: readonly Tensor[];

async function execute(input: Tensor): Promise<Float32Array> {
  const outputs = await session.run({ [session.inputNames[0]!]: input });
  return outputs[session.outputNames[0]!]!.data as Float32Array;
}

const api: ContestantApi = {
  async load(spec: ContestantSpec): Promise<void> {
    if (spec.worker !== 'ort-worker.js') throw new Error(`not for this worker: ${spec.worker}`);
    env.wasm.numThreads = 1;
    env.wasm.wasmPaths = new URL('ort/', self.location.href).href;
    const model = await (await fetch(new URL(spec.model, self.location.href))).arrayBuffer();
    session = await InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
    const dims = [1, 1, spec.side, spec.side];
    inputs = pictures(spec.side).map((values) => new Tensor('float32', values, dims));
  },

  async run(): Promise<number> {
    const start = performance.now();
    await execute(inputs[0]!);
    return performance.now() - start;
  },

  async answers(): Promise<number[][]> {
    const answers: number[][] = [];
    for (const input of inputs) answers.push([...(await execute(input))]);
    return answers;
  },

  /** Not told. */
  wasmBytes: () => 0,
};

expose(api);
