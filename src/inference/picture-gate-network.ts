/** What kind of picture it is, by a pack of the role `gate`. */

import { toNetworkInput, type GrayPixels } from '../imaging/network-input.ts';
import { AppError } from '../shared/app-error.ts';
import { gateOutputs, type GateManifest, type PackContents } from '../shared/pack.ts';
import { loadGraphNetwork } from './graph-network.ts';

export interface PictureGateNetwork {
  readonly manifest: GateManifest;
  /** Logits in the order of `gateOutputs`. @throws AppError `wrong-output` where one is not a number */
  look(image: GrayPixels): Float32Array;
  /**
   * The same, for the known answers.
   * @param input row-major, the pack's size and range
   */
  answer(input: Float32Array): Float32Array;
  dispose(): void;
}

/**
 * Loads a pack of the role `gate` onto the engine that runs.
 *
 * @throws AppError `pack-invalid` {reason}
 */
export function loadPictureGate(contents: PackContents): PictureGateNetwork {
  const { manifest } = contents;
  if (manifest.role !== 'gate') throw new AppError('pack-invalid', { reason: `a ${manifest.role} pack is no gate` });
  const graph = loadGraphNetwork(contents);
  const { logits } = manifest.outputs;

  function answer(input: Float32Array): Float32Array {
    const { values } = graph.run(input, [logits])[logits]!;
    if (values.length !== gateOutputs.length) {
      throw new AppError('pack-invalid', {
        reason: `the graph answers ${values.length} of ${gateOutputs.length} questions`,
      });
    }
    if (!values.every(Number.isFinite)) throw new AppError('wrong-output', { output: logits, reason: 'not a number' });
    return values;
  }

  return {
    manifest,
    answer,
    look: (image) => answer(toNetworkInput(image, manifest.input)),
    dispose: () => graph.dispose(),
  };
}
