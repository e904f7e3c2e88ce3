/** DenseNet-121 (arXiv 1608.06993, Table 1) in evaluation mode, as every importer hands it to the graph writer. */

import type { SourceTensor } from '../safetensors.ts';

export interface AffineNorm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}
export interface DenseLayerWeights {
  readonly norm1: AffineNorm;
  readonly conv1: SourceTensor;
  readonly norm2: AffineNorm;
  readonly conv2: SourceTensor;
} // conv weights HWIO
export interface TransitionWeights {
  readonly norm: AffineNorm;
  readonly conv: SourceTensor;
}
export interface DenseNet121Weights {
  readonly conv0: SourceTensor;
  readonly norm0: AffineNorm;
  readonly blocks: readonly (readonly DenseLayerWeights[])[];
  readonly transitions: readonly TransitionWeights[];
  readonly norm5: AffineNorm;
  readonly classifier: { readonly weight: SourceTensor /* [1024, outputs] */; readonly bias: Float32Array };
}
