/**
 * Recognises a DenseNet-121 (arXiv 1608.06993, Table 1: growth 32, bottleneck 4 × 32, compression 0.5) with one input
 * channel by the names and shapes that torchvision gives its tensors, and turns them to the form of the graph writer.
 */

import type { AffineNorm, DenseLayerWeights, DenseNet121Weights, TransitionWeights } from '../densenet/densenet-121.ts';
import { RefusedFileError } from '../refused-file.ts';
import type { SourceTensor } from '../safetensors.ts';

const blockLayers: readonly number[] = [6, 12, 24, 16];
const growth = 32;
const bottleneck = 4 * growth;
const firstChannels = 64;
const stemSize = 7;
const kernelSize = 3;
/** `torch.nn.BatchNorm2d`'s default, which torchvision keeps. */
const epsilon = 1e-5;
/** Only counts training steps. */
const ignored = /\.num_batches_tracked$/;

/**
 * @param tensors by their names in `state_dict()`; also torchvision's older names (`denselayer1.norm.1.weight`)
 * @throws RefusedFileError `tensor-missing`, `tensor-shape`, `tensor-values` or `tensor-surplus` with the first such name
 */
export function densenetFromState(tensors: ReadonlyMap<string, SourceTensor>): DenseNet121Weights {
  const state = new State(tensors);
  const conv0 = state.convolution('features.conv0', stemSize, 1, firstChannels);
  const norm0 = state.norm('features.norm0', firstChannels);
  const blocks: DenseLayerWeights[][] = [];
  const transitions: TransitionWeights[] = [];
  let channels = firstChannels;
  blockLayers.forEach((layers, index) => {
    const block: DenseLayerWeights[] = [];
    for (let layer = 1; layer <= layers; layer += 1) {
      const name = `features.denseblock${index + 1}.denselayer${layer}`;
      block.push({
        norm1: state.norm(`${name}.norm1`, channels),
        conv1: state.convolution(`${name}.conv1`, 1, channels, bottleneck),
        norm2: state.norm(`${name}.norm2`, bottleneck),
        conv2: state.convolution(`${name}.conv2`, kernelSize, bottleneck, growth),
      });
      channels += growth;
    }
    blocks.push(block);
    if (index === blockLayers.length - 1) return;
    const name = `features.transition${index + 1}`;
    const norm = state.norm(`${name}.norm`, channels);
    transitions.push({ norm, conv: state.convolution(`${name}.conv`, 1, channels, channels / 2) });
    channels /= 2;
  });
  const norm5 = state.norm('features.norm5', channels);
  const classifier = state.linear('classifier', channels);
  state.expectNothingMore();
  return { conv0, norm0, blocks, transitions, norm5, classifier };
}

/** Takes tensors by name, each once, each with its shape. */
class State {
  readonly #tensors: ReadonlyMap<string, SourceTensor>;
  readonly #taken = new Set<string>();

  constructor(tensors: ReadonlyMap<string, SourceTensor>) {
    this.#tensors = new Map(
      Array.from(tensors, ([name, tensor]): [string, SourceTensor] => [currentName(name), tensor]).filter(
        ([name]) => !ignored.test(name),
      ),
    );
  }

  /** Folded in float64: scale = γ / √(σ² + ε), shift = β − μ · scale (Ioffe and Szegedy, arXiv 1502.03167, Algorithm 2). */
  norm(name: string, channels: number): AffineNorm {
    const weight = this.#take(`${name}.weight`, [channels]);
    const bias = this.#take(`${name}.bias`, [channels]);
    const mean = this.#take(`${name}.running_mean`, [channels]);
    const variance = this.#take(`${name}.running_var`, [channels]);
    const negative = variance.data.findIndex((value) => value < 0);
    if (negative >= 0) {
      throw new RefusedFileError('tensor-values', `${name}.running_var is negative at ${negative}.`);
    }
    const scale = Float64Array.from(
      weight.data,
      (gamma, channel) => gamma / Math.sqrt(variance.data[channel]! + epsilon),
    );
    const shift = Float64Array.from(bias.data, (beta, channel) => beta - mean.data[channel]! * scale[channel]!);
    return { scale: Float32Array.from(scale), shift: Float32Array.from(shift) };
  }

  /** Without bias; [out, in, size, size] becomes [size, size, in, out]. */
  convolution(name: string, size: number, inputs: number, outputs: number): SourceTensor {
    const { data } = this.#take(`${name}.weight`, [outputs, inputs, size, size]);
    const moved = new Float32Array(data.length);
    const places = size * size;
    for (let output = 0; output < outputs; output += 1) {
      for (let input = 0; input < inputs; input += 1) {
        for (let place = 0; place < places; place += 1) {
          moved[(place * inputs + input) * outputs + output] = data[(output * inputs + input) * places + place]!;
        }
      }
    }
    return { shape: [size, size, inputs, outputs], data: moved };
  }

  /** [outputs, inputs] becomes [inputs, outputs]; any number of outputs. */
  linear(name: string, inputs: number): DenseNet121Weights['classifier'] {
    const outputs = this.#find(`${name}.bias`).data.length;
    const bias = this.#take(`${name}.bias`, [outputs]);
    const { data } = this.#take(`${name}.weight`, [outputs, inputs]);
    const moved = new Float32Array(data.length);
    for (let output = 0; output < outputs; output += 1) {
      for (let input = 0; input < inputs; input += 1) moved[input * outputs + output] = data[output * inputs + input]!;
    }
    return { weight: { shape: [inputs, outputs], data: moved }, bias: bias.data };
  }

  expectNothingMore(): void {
    const surplus = [...this.#tensors.keys()].find((name) => !this.#taken.has(name));
    if (surplus !== undefined) {
      throw new RefusedFileError('tensor-surplus', `A DenseNet-121 has no tensor ${surplus}: this is another network.`);
    }
  }

  #find(name: string): SourceTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) {
      throw new RefusedFileError('tensor-missing', `The file has no tensor ${name}: it holds no DenseNet-121.`);
    }
    return tensor;
  }

  #take(name: string, shape: readonly number[]): SourceTensor {
    const tensor = this.#find(name);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      throw new RefusedFileError(
        'tensor-shape',
        `${name} is ${describeShape(tensor.shape)} instead of ${describeShape(shape)}: ` +
          'only DenseNet-121 with one input channel is read.',
      );
    }
    if (!tensor.data.every(Number.isFinite)) {
      throw new RefusedFileError('tensor-values', `${name} holds a value that is no finite number.`);
    }
    this.#taken.add(name);
    return tensor;
  }
}

/** Before PyTorch 0.4 a module's name could hold a dot; torchvision's own published weights still have `norm.1`. */
function currentName(name: string): string {
  return name.replace(/(\.denselayer\d+\.(?:norm|conv))\.([12])\./, '$1$2.');
}

function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single value' : shape.join(' × ');
}
