/** Runs a float32 model in onnxruntime-web, here in Node, and notes the ranges of its maps. */

import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import { onnxInput, type Range } from './densenet-onnx.ts';

/**
 * @param maps output → name of the range that it belongs to
 * @param inputs [side × side] each; their own range is that of the input
 */
export async function observeRanges(
  model: Uint8Array,
  maps: ReadonlyMap<string, string>,
  inputs: readonly Float32Array[],
  side: number,
): Promise<ReadonlyMap<string, Range>> {
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  const ranges = new Map<string, Range>();
  const widen = (name: string, values: Float32Array): void => {
    let { min, max } = ranges.get(name) ?? { min: 0, max: 0 };
    for (const value of values) {
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    ranges.set(name, { min, max });
  };
  for (const input of inputs) {
    widen(onnxInput, input);
    const outputs = await session.run({ [onnxInput]: new Tensor('float32', input, [1, 1, side, side]) });
    for (const [output, range] of maps) widen(range, outputs[output]!.data as Float32Array);
    for (const tensor of Object.values(outputs)) tensor.dispose();
  }
  await session.release();
  return ranges;
}
