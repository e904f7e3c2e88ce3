/**
 * DenseNet-121 (arXiv 1608.06993, Table 1) as an ONNX model of the bench's own weights, for onnxruntime-web: in float32 as
 * PyTorch exports it, and in int8 as ONNX's own tools quantise it (QDQ: maps u8 with one scale, filters s8 with a scale a
 * channel, biases int32).
 */

import type { AffineNorm, DenseNet121Weights } from '../../tools/pack/densenet/densenet-121.ts';
import { scaleOutputs } from '../../tools/pack/densenet/fold-norm.ts';
import type { SourceTensor } from '../../tools/pack/safetensors.ts';
import { OnnxWriter } from './onnx-writer.ts';

export const onnxInput = 'input';
export const onnxOutput = 'logits';

/** Of a map; what maps of one concatenation share. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const maxUint8 = 255;
const maxInt8 = 127;

/** @param side of the input [1, 1, side, side], pixels */
export function float32Model(weights: DenseNet121Weights, side: number): Uint8Array {
  const style = new Float32Style();
  style.build(weights);
  return style.finish(side);
}

/**
 * As `float32Model`, which also gives the maps that `int8Model` wants the ranges of.
 * @returns `maps`: output → name of the range that it belongs to
 */
export function observedModel(
  weights: DenseNet121Weights,
  side: number,
): { readonly model: Uint8Array; readonly maps: ReadonlyMap<string, string> } {
  const style = new Float32Style();
  style.build(weights);
  return { model: style.finish(side, [...style.maps.keys()]), maps: style.maps };
}

/** @param ranges by name, as `observedModel` names them */
export function int8Model(weights: DenseNet121Weights, side: number, ranges: ReadonlyMap<string, Range>): Uint8Array {
  const style = new Int8Style(ranges);
  style.build(weights);
  return style.finish(side);
}

const sliding = (kernel: number, stride: number, padding: number) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [padding, padding, padding, padding],
});

/** [height, width, in, out] → [out, in, height, width] */
function toChannelsFirst({ shape, data }: SourceTensor): SourceTensor {
  const [height = 0, width = 0, depth = 0, columns = 0] = shape;
  const taps = height * width;
  const moved = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap += 1) {
    for (let row = 0; row < depth; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        moved[(column * depth + row) * taps + tap] = data[(tap * depth + row) * columns + column]!;
      }
    }
  }
  return { shape: [columns, depth, height, width], data: moved };
}

/** The network; what its convolutions and stored maps look like is up to the style. */
abstract class DenseNetStyle {
  protected readonly writer = new OnnxWriter();

  /** A convolution, and the norm after it where there is one. @param weight [height, width, in, out] */
  protected abstract convolution(
    name: string,
    input: string,
    weight: SourceTensor,
    slide: { readonly stride: number; readonly padding: number },
    norm?: AffineNorm,
  ): string;

  /** A map as it is kept until it is read. @param range name of what it shares its scale with */
  protected abstract stored(map: string, range: string): string;

  build({ conv0, norm0, blocks, transitions, norm5, classifier }: DenseNet121Weights): void {
    const { writer } = this;
    let node = this.stored(onnxInput, onnxInput);
    node = writer.node('stem/relu', 'Relu', [this.convolution('stem', node, conv0, { stride: 2, padding: 3 }, norm0)]);
    node = writer.node('pool', 'MaxPool', [this.stored(node, 'stem')], sliding(3, 2, 1));
    blocks.forEach((layers, index) => {
      const block = `block${index + 1}`;
      node = this.stored(node, block);
      layers.forEach(({ norm1, conv1, norm2, conv2 }, layer) => {
        const name = `${block}/layer${layer + 1}`;
        const once = { stride: 1, padding: 0 };
        let grown = this.convolution(
          `${name}/squeeze`,
          this.#activated(`${name}/norm`, node, norm1),
          conv1,
          once,
          norm2,
        );
        grown = this.stored(writer.node(`${name}/squeeze/relu`, 'Relu', [grown]), `${name}/squeeze`);
        grown = this.convolution(`${name}/grow`, grown, conv2, { stride: 1, padding: 1 });
        const parts = [node, this.stored(grown, block)];
        node = this.stored(writer.node(`${name}/concat`, 'Concat', parts, { axis: 1 }), block);
      });
      const transition = transitions[index];
      if (transition === undefined) return;
      const name = `transition${index + 1}`;
      const halved = this.convolution(name, this.#activated(`${name}/norm`, node, transition.norm), transition.conv, {
        stride: 1,
        padding: 0,
      });
      node = writer.node(`${name}/pool`, 'AveragePool', [this.stored(halved, name)], sliding(2, 2, 0));
    });
    node = writer.node('last/relu', 'Relu', [this.norm('last', node, norm5)]);
    node = writer.node('features', 'GlobalAveragePool', [node]);
    node = writer.node('flat', 'Flatten', [node], { axis: 1 });
    const { weight, bias } = classifier;
    const parts = [
      writer.constant('classifier/weight', weight.shape, weight.data),
      writer.constant('classifier/bias', [bias.length], bias),
    ];
    writer.node(onnxOutput, 'Gemm', [node, ...parts]);
  }

  /** @param outputs beside the logits */
  finish(side: number, outputs: readonly string[] = []): Uint8Array {
    return this.writer.finish({ name: onnxInput, dims: [1, 1, side, side] }, [onnxOutput, ...outputs]);
  }

  protected norm(name: string, input: string, { scale, shift }: AffineNorm): string {
    const channels = scale.length;
    const parts = [
      this.writer.constant(`${name}/scale`, [channels], scale),
      this.writer.constant(`${name}/shift`, [channels], shift),
      this.writer.constant(`${name}/mean`, [channels], new Float32Array(channels)),
      this.writer.constant(`${name}/variance`, [channels], new Float32Array(channels).fill(1)),
    ];
    return this.writer.node(name, 'BatchNormalization', [input, ...parts], { epsilon: 0 });
  }

  #activated(name: string, input: string, norm: AffineNorm): string {
    return this.stored(this.writer.node(`${name}/relu`, 'Relu', [this.norm(name, input, norm)]), name);
  }
}

class Float32Style extends DenseNetStyle {
  /** By output: name of the range that it belongs to. */
  readonly maps = new Map<string, string>();

  protected override convolution(
    name: string,
    input: string,
    weight: SourceTensor,
    { stride, padding }: { readonly stride: number; readonly padding: number },
    norm?: AffineNorm,
  ): string {
    const { shape, data } = toChannelsFirst(weight);
    const filter = this.writer.constant(`${name}/weight`, shape, data);
    const node = this.writer.node(name, 'Conv', [input, filter], sliding(shape[2]!, stride, padding));
    return norm === undefined ? node : this.norm(`${name}/after`, node, norm);
  }

  protected override stored(map: string, range: string): string {
    // What goes in is no output.
    if (map !== onnxInput) this.maps.set(map, range);
    return map;
  }
}

class Int8Style extends DenseNetStyle {
  readonly #ranges: ReadonlyMap<string, Range>;
  /** Scales of what was stored, by the name that it is read by. */
  readonly #scales = new Map<string, number>();
  readonly #written = new Map<string, { readonly scale: string; readonly zero: string; readonly value: number }>();

  constructor(ranges: ReadonlyMap<string, Range>) {
    super();
    this.#ranges = ranges;
  }

  protected override stored(map: string, range: string): string {
    const { scale, zero, value } = this.#scaleOf(range);
    const quantized = this.writer.node(`${map}/q`, 'QuantizeLinear', [map, scale, zero]);
    const read = this.writer.node(`${map}/dq`, 'DequantizeLinear', [quantized, scale, zero]);
    this.#scales.set(read, value);
    return read;
  }

  protected override convolution(
    name: string,
    input: string,
    weight: SourceTensor,
    { stride, padding }: { readonly stride: number; readonly padding: number },
    norm?: AffineNorm,
  ): string {
    const { shape, data } = toChannelsFirst(norm === undefined ? weight : scaleOutputs(weight, norm.scale));
    const [columns = 0, ...rest] = shape;
    const depth = rest.reduce((product, size) => product * size, 1);
    const scales = new Float32Array(columns);
    const levels = new Int8Array(data.length);
    for (let column = 0; column < columns; column += 1) {
      const filter = data.subarray(column * depth, (column + 1) * depth);
      const scale = filter.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / maxInt8 || 1;
      scales[column] = scale;
      filter.forEach((value, index) => (levels[column * depth + index] = Math.round(value / scale)));
    }
    const inputScale = this.#scales.get(input)!;
    const parts = [this.#dequantized(`${name}/weight`, shape, levels, scales, new Int8Array(columns))];
    if (norm !== undefined) {
      const biasScales = scales.map((scale) => scale * inputScale);
      const bias = Int32Array.from(norm.shift, (value, column) => Math.round(value / biasScales[column]!));
      parts.push(this.#dequantized(`${name}/bias`, [columns], bias, biasScales, new Int32Array(columns)));
    }
    return this.writer.node(name, 'Conv', [input, ...parts], sliding(shape[2]!, stride, padding));
  }

  /** A constant with a scale for each of its first dimension. */
  #dequantized(
    name: string,
    shape: readonly number[],
    levels: Int8Array | Int32Array,
    scales: Float32Array,
    zeros: Int8Array | Int32Array,
  ): string {
    const parts = [
      this.writer.constant(`${name}/levels`, shape, levels),
      this.writer.constant(`${name}/scale`, [scales.length], scales),
      this.writer.constant(`${name}/zero`, [zeros.length], zeros),
    ];
    return this.writer.node(name, 'DequantizeLinear', parts, { axis: 0 });
  }

  #scaleOf(range: string): { readonly scale: string; readonly zero: string; readonly value: number } {
    const known = this.#written.get(range);
    if (known !== undefined) return known;
    const found = this.#ranges.get(range);
    if (found === undefined) throw new Error(`no range was observed for ${range}`);
    const min = Math.min(0, found.min);
    const value = Math.fround((Math.max(0, found.max) - min) / maxUint8) || 1;
    const zero = Math.round(-min / value);
    const written = {
      scale: this.writer.constant(`${range}/range/scale`, [], Float32Array.of(value)),
      zero: this.writer.constant(`${range}/range/zero`, [], Uint8Array.of(zero)),
      value,
    };
    this.#written.set(range, written);
    return written;
  }
}
