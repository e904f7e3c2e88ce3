import type { PackContents } from '../shared/pack.ts';
import { graphPath, parseGraph } from './graph-definition.ts';
import { fileOf, placeholderOf } from './graph-network.ts';
import { loadGradientNetwork, type GradientNetwork } from './kernels/gradient-network.ts';
import type { Kernels } from './kernels/kernels.ts';
import { readWeights } from './read-weights.ts';

/**
 * The input gradient of one of a pack's outputs, on kernels that may have a memory of their own.
 *
 * @returns `undefined` where our kernels do not know the whole way
 * @throws AppError `pack-invalid` {reason}, `engine-out-of-memory`
 */
export function loadGradient(
  { manifest, files }: PackContents,
  output: string,
  kernels: Kernels,
): GradientNetwork | undefined {
  const nodes = parseGraph(fileOf(files, graphPath));
  const weights = readWeights(manifest.weights, (path) => fileOf(files, path));
  return loadGradientNetwork(nodes, placeholderOf(nodes), weights, output, kernels);
}
