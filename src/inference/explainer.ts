/** Explanations in detail, with all that they alone need: loaded when a person first asks for one. */

import type { Explanation } from '../shared/analysis.ts';
import type { ExplainProgress, ExplainRequest } from '../shared/messages.ts';
import type { PackContents } from '../shared/pack.ts';
import { explainFinding } from './explain-finding.ts';
import type { FindingsNetwork } from './findings-network.ts';
import { createGradientKeeper } from './gradient-keeper.ts';
import type { EnginePaths } from './engine-modes.ts';

export interface Explainer {
  /**
   * @param contents the network's pack, weights and all; read only where it is not loaded with a way back
   * @throws AppError as `explainFinding`
   */
  explain(
    request: ExplainRequest,
    network: FindingsNetwork,
    contents: () => Promise<PackContents>,
    onProgress: ExplainProgress,
  ): Promise<Explanation>;
  /** To be called when another pack is loaded. */
  forget(): void;
}

export function createExplainer(loadKernels: EnginePaths['loadKernels']): Explainer {
  const gradients = createGradientKeeper(loadKernels);
  return {
    explain: (request, network, contents, onProgress) => {
      const gradient = () => gradients.use(contents, network.manifest.outputs.logits);
      return explainFinding(request, { network, gradient }, onProgress);
    },
    forget: () => gradients.forget(),
  };
}
