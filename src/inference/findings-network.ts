import { AppError } from '../shared/app-error.ts';
import type { FindingsManifest, PackContents } from '../shared/pack.ts';
import { createFeatureGate, type FeatureGate } from './gate/feature-gate.ts';
import { loadGraphNetwork, type GraphOutput } from './graph-network.ts';

export interface NetworkAnswer {
  /** One a finding, in the order of the pack. */
  readonly logits: Float32Array;
  readonly maps: {
    readonly width: number;
    readonly height: number;
    /** [height][width][finding]; the mean of a finding's map + its bias = its logit. */
    readonly values: Float32Array;
  };
  /** Pooled features, before the classifier. */
  readonly features: Float32Array;
}

/** A loaded findings pack. */
export interface FindingsNetwork {
  readonly manifest: FindingsManifest;
  /** Whether an image lies near the training images; always silent where the pack has no statistics. */
  readonly judgeFeatures: FeatureGate;
  /**
   * One run: scores, maps and features at once.
   *
   * @param input row-major, height × width of the pack's input, values in its range
   * @throws AppError `wrong-output` where an input or an answer is not a number, or all answers are one
   */
  run(input: Float32Array): NetworkAnswer;
  /** The logits alone, for the known answers. */
  answer(input: Float32Array): Float32Array;
  dispose(): void;
}

/**
 * Loads a findings pack onto the engine that runs.
 *
 * @throws AppError `pack-invalid` {reason}
 */
export function loadFindingsNetwork(contents: PackContents): FindingsNetwork {
  const { manifest, files } = contents;
  if (manifest.role !== 'findings')
    throw new AppError('pack-invalid', { reason: `a ${manifest.role} pack has no findings` });
  const judgeFeatures = featureGate(manifest, files);
  const graph = loadGraphNetwork(contents);
  const { logits, maps, features } = manifest.outputs;
  const run = (input: Float32Array): NetworkAnswer => {
    // Convolutions clamp NaN away: it would come out as an answer like any other.
    requireNumbers('input', input);
    const outputs = graph.run(input, [logits, maps, features]);
    return toAnswer(manifest, outputs[logits]!, outputs[maps]!, outputs[features]!);
  };
  return {
    manifest,
    judgeFeatures,
    run,
    answer: (input) => run(input).logits,
    dispose: () => graph.dispose(),
  };
}

function featureGate({ featureStatistics }: FindingsManifest, files: PackContents['files']): FeatureGate {
  if (featureStatistics === undefined) return () => [];
  const bytes = files.get(featureStatistics.file);
  if (bytes === undefined) throw new AppError('pack-invalid', { reason: `${featureStatistics.file} is missing` });
  return createFeatureGate(featureStatistics, bytes);
}

function toAnswer(
  manifest: FindingsManifest,
  logits: GraphOutput,
  maps: GraphOutput,
  features: GraphOutput,
): NetworkAnswer {
  const count = manifest.findings.length;
  const [, height = 0, width = 0, channels] = maps.shape;
  if (logits.values.length !== count || channels !== count) {
    throw new AppError('pack-invalid', { reason: `the graph answers ${logits.values.length} of ${count} findings` });
  }
  requireNumbers('logits', logits.values);
  requireNumbers('maps', maps.values);
  requireNumbers('features', features.values);
  // A broken kernel or a driver that lost its memory answers the same for everything.
  if (count > 1 && logits.values.every((value) => value === logits.values[0])) {
    throw new AppError('wrong-output', { output: 'logits', reason: 'all equal' });
  }
  return { logits: logits.values, maps: { width, height, values: maps.values }, features: features.values };
}

function requireNumbers(output: string, values: Float32Array): void {
  if (!values.every(Number.isFinite)) throw new AppError('wrong-output', { output, reason: 'not a number' });
}
