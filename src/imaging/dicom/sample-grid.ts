/** The size of one frame. */
export interface FrameShape {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Samples a pixel: 1 or 3. */
  readonly samples: number;
}

/** Decoded samples of one frame, before anything is made of them. */
export interface SampleGrid extends FrameShape {
  /** Row-major, the samples of a pixel side by side. 32-bit unsigned values are wrapped to int32. */
  readonly values: Int32Array;
  /** Bits a sample that the codec's stream says it has. */
  readonly bits: number;
  readonly signed: boolean;
}
