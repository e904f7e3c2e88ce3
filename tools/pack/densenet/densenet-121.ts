import type { SourceTensor } from '../safetensors.ts';

/** Batch normalisation in evaluation mode: y = x · scale + shift, one value a channel. */
export interface AffineNorm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** BN-ReLU-Conv(1×1)-BN-ReLU-Conv(3×3) (arXiv 1608.06993, §3, "Bottleneck layers"); convolutions are HWIO. */
export interface DenseLayerWeights {
  readonly norm1: AffineNorm;
  readonly conv1: SourceTensor;
  readonly norm2: AffineNorm;
  readonly conv2: SourceTensor;
}

/** BN-ReLU-Conv(1×1), then 2×2 average pooling; the convolution is HWIO. */
export interface TransitionWeights {
  readonly norm: AffineNorm;
  readonly conv: SourceTensor;
}

/** DenseNet-121 (arXiv 1608.06993, Table 1) in evaluation mode, as every importer hands it to the graph writer. */
export interface DenseNet121Weights {
  /** [7, 7, 1, 64], HWIO. */
  readonly conv0: SourceTensor;
  readonly norm0: AffineNorm;
  /** 6, 12, 24 and 16 layers. */
  readonly blocks: readonly (readonly DenseLayerWeights[])[];
  readonly transitions: readonly TransitionWeights[];
  readonly norm5: AffineNorm;
  readonly classifier: { readonly weight: SourceTensor /* [1024, outputs] */; readonly bias: Float32Array };
}
