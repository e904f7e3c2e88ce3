import type { SourceTensor } from './safetensors.ts';

/** PyTorch's [out, in / groups, height, width] as TensorFlow's [height, width, in, out], or [height, width, channels, 1] for depthwise. */
export function toHeightWidthInOut(
  { shape, data }: SourceTensor,
  depthwise: boolean,
): { shape: number[]; data: Float32Array } {
  const [out = 0, into = 0, height = 0, width = 0] = shape;
  const moved = new Float32Array(data.length);
  for (let o = 0; o < out; o += 1) {
    for (let i = 0; i < into; i += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          // Depthwise has one input channel a group: [height, width, out, 1] has the same order as [height, width, 1, out].
          moved[((y * width + x) * into + i) * out + o] = data[((o * into + i) * height + y) * width + x] ?? 0;
        }
      }
    }
  }
  return { shape: depthwise ? [height, width, out, 1] : [height, width, into, out], data: moved };
}
