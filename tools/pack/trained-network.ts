import type { FeatureStatistics, PackFinding } from '../../src/shared/pack.ts';

/** `network.json` of `python3 -m chester_training export`: what a network is and what it was trained on. */
export interface TrainedNetwork {
  readonly input: { readonly size: number; readonly range: readonly [number, number] };
  /** [expansion, channels, repeats, stride of the first] */
  readonly blocks: { readonly rows: readonly (readonly [number, number, number, number])[] };
  /** Blocks whose expansions the head sees besides the last map, ascending; absent: none. All of them twice as large as it. */
  readonly earlier?: readonly number[];
  /** In the order of the outputs. */
  readonly findings: readonly string[];
  /** `int8`: the filters already lie on their grids. */
  readonly dtype: 'int8' | 'float32';
  readonly training: {
    readonly pictures: number;
    readonly patients: number;
    /** null: it was trained on all folds, and must not be scored on any. */
    readonly leftOutFold: number | null;
    /** [side in pixels, steps, share of the pictures that were drawn as photographs] */
    readonly stages: readonly (readonly [side: number, steps: number, photographs?: number])[];
  };
  /** What int8 changed on the left-out pictures. */
  readonly shortening: { readonly macro_auc: number; readonly macro_auc_int8: number } | null;
  /**
   * The gate's distance, with `feature-space.bin` beside this file: fitted to the training pictures, limits measured on
   * left-out patients and other sources. Absent in networks that are only measured.
   */
  readonly featureDistance?: Omit<FeatureStatistics, 'file'>;
}

/** What `npm run evaluate -- --calibrate` states of a finding. */
export type MeasuredFinding = Omit<PackFinding, 'bias'>;
