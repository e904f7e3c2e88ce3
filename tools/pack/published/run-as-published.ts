/** Runs a published graph as it is, node by node, with tfjs-converter on the WASM backend: the reference for our own graph. */

import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io, registerKernel, tensor } from '@tensorflow/tfjs-core';
import { conv2DBackpropInputConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Conv2DBackpropInput.js';
import { leakyReluConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/LeakyRelu.js';
import { tanhConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tanh.js';
import { startEngine } from '../../../src/inference/engine.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import type { PublishedGraph } from './graph-model.ts';

export interface PublishedNetwork {
  /** One run. @param outputs names of any nodes. @returns their values, row-major */
  run(input: Float32Array, outputs: readonly string[]): Record<string, Float32Array>;
  dispose(): void;
}

let registered = false;

/**
 * Starts tfjs on plain SIMD with the kernels that published graphs use beside those of packs. An engine that ran before is
 * ended, and its networks with it: start first, then load.
 */
export async function startPublishedEngine(): Promise<void> {
  if (!registered)
    for (const kernel of [conv2DBackpropInputConfig, leakyReluConfig, tanhConfig]) registerKernel(kernel);
  registered = true;
  await startEngine('simd', nodeEnginePaths());
}

/** The engine of `startPublishedEngine` must be running. */
export async function loadAsPublished(graph: PublishedGraph): Promise<PublishedNetwork> {
  const weightSpecs: io.WeightsManifestEntry[] = [];
  const parts: Uint8Array[] = [];
  for (const [name, { shape, data }] of graph.tensors) {
    weightSpecs.push({ name, shape: [...shape], dtype: data instanceof Int32Array ? 'int32' : 'float32' });
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  const model = await loadGraphModel(io.fromMemory({ modelTopology: graph.topology, weightSpecs, weightData }));
  const [placeholder] = [...graph.nodes.values()].filter(({ op }) => op === 'Placeholder');
  if (placeholder === undefined) throw new Error('The published graph has no input.');
  const shape = [...placeholder.attributes.shape('shape')];
  return {
    run: (input, outputs) => {
      const x = tensor(input, shape);
      // One output comes as itself, several as an array.
      const answers = [model.execute({ [placeholder.name]: x }, [...outputs])].flat();
      const values = outputs.map((name, index) => [name, answers[index]!.dataSync<'float32'>()] as const);
      for (const used of new Set([x, ...answers])) used.dispose();
      return Object.fromEntries(values);
    },
    dispose: () => model.dispose(),
  };
}
