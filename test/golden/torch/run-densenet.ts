import {
  add,
  avgPool,
  concat,
  conv2d,
  matMul,
  maxPool,
  mean,
  mul,
  pad,
  relu,
  reshape,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { AffineNorm, DenseNet121Weights } from '../../../tools/pack/densenet/densenet-121.ts';
import type { SourceTensor } from '../../../tools/pack/safetensors.ts';
import { inputSize } from './seeded-densenet.ts';

/**
 * DenseNet-121 as Table 1 of arXiv 1608.06993 has it, operation by operation and nothing folded: slow and plain.
 * Runs on the backend that is active.
 *
 * @param input [224, 224]
 * @returns one logit an output
 */
export function runDensenet(weights: DenseNet121Weights, input: Float32Array): Float32Array {
  return tidy(() => {
    let x = tensor4d(input, [1, inputSize, inputSize, 1]);
    x = normRelu(convolve(padded(x, 3), weights.conv0, 2, 'valid'), weights.norm0);
    // Zeros around are what padding is, for nothing is negative after ReLU.
    x = maxPool(padded(x, 1), 3, 2, 'valid');
    weights.blocks.forEach((layers, block) => {
      for (const { norm1, conv1, norm2, conv2 } of layers) {
        const bottleneck = convolve(normRelu(x, norm1), conv1, 1, 'same');
        x = concat([x, convolve(normRelu(bottleneck, norm2), conv2, 1, 'same')], 3);
      }
      const transition = weights.transitions[block];
      if (transition === undefined) return;
      x = avgPool(convolve(normRelu(x, transition.norm), transition.conv, 1, 'same'), 2, 2, 'valid');
    });
    const { weight, bias } = weights.classifier;
    const [inputs = 0, outputs = 0] = weight.shape;
    const features = reshape(mean(normRelu(x, weights.norm5), [1, 2]), [1, inputs]);
    const logits = add(matMul(features, tensor2d(weight.data, [inputs, outputs])), tensor1d(bias));
    return Float32Array.from(logits.dataSync());
  });
}

function normRelu(x: Tensor4D, { scale, shift }: AffineNorm): Tensor4D {
  return relu(add(mul(x, tensor1d(scale)), tensor1d(shift)));
}

function convolve(x: Tensor4D, { shape, data }: SourceTensor, stride: number, padding: 'same' | 'valid'): Tensor4D {
  return conv2d(x, tensor4d(data, shape as [number, number, number, number]), stride, padding);
}

function padded(x: Tensor4D, border: number): Tensor4D {
  return pad(x, [
    [0, 0],
    [border, border],
    [border, border],
    [0, 0],
  ]);
}
