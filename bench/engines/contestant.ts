/** What every engine of the bench can be asked, each in a worker of its own (engines-page.ts asks, bench/engines.ts decides). */

import { comparisonInputs } from '../../tools/pack/published/comparison-inputs.ts';

/** Which worker, and what it loads; addresses are relative to the site. */
export type ContestantSpec =
  | {
      readonly worker: 'graph-worker.js';
      /** tfjs's own kernels, or one build of ours. */
      readonly kernels: 'stock' | 'plain' | 'relaxed';
      readonly pack: string;
      /** Only the logits; else maps and features too, as the app asks for. */
      readonly onlyLogits?: boolean;
      /** The full input gradient of one logit, forward pass and all; `answers` stay those of the network. */
      readonly gradient?: boolean;
      /** Of our kernels; by default one, in tfjs's memory. */
      readonly threads?: number;
    }
  /** An ONNX model in onnxruntime-web. */
  | { readonly worker: 'ort-worker.js'; readonly model: string; readonly side: number }
  /** A published graph on tfjs as its publisher has it. */
  | { readonly worker: 'published-worker.js'; readonly model: string; readonly logits: string }
  /** What the processor can do at most; no network. */
  | { readonly worker: 'peak-worker.js' };

export interface ContestantApi {
  load(spec: ContestantSpec): Promise<void>;
  /** Milliseconds of one run on a picture that is the same for all. */
  run(): Promise<number> | number;
  /** Answers to `pictures`, one list of logits a picture. */
  answers(): Promise<readonly (readonly number[])[]> | readonly (readonly number[])[];
  /** Bytes of linear memory. */
  wasmBytes(): number;
}

/** Every third of the sixteen pictures on which packs are compared with what they were made from. */
const pictureStep = 3;
/** Values of black and white of the published DenseNet-121. */
const range = [-1024, 1024] as const;

/** What answers are compared on. @param side pixels */
export function pictures(side: number): readonly Float32Array[] {
  return comparisonInputs(side, side, range)
    .filter((_, index) => index % pictureStep === 0)
    .map(({ values }) => values);
}

export function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
