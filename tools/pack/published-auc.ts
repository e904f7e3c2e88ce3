/**
 * What the publisher of TorchXRayVision states of `densenet121-res224-all`, finding by finding: repository
 * mlmed/torchxrayvision (Apache-2.0), `BENCHMARKS.md` of 27 June 2021, rows "XRV-DenseNet121-densenet121-res224-all".
 * Chester v3 is the same network. Nobody measured these here; intervals are not published.
 */

import type { PackFinding } from '../../src/shared/pack.ts';

const source = 'TorchXRayVision, BENCHMARKS.md (27 June 2021)';

const onPadChest: Readonly<Record<string, number>> = {
  Atelectasis: 0.77,
  Cardiomegaly: 0.93,
  Consolidation: 0.88,
  Edema: 0.97,
  Effusion: 0.95,
  Emphysema: 0.87,
  Fibrosis: 0.94,
  Fracture: 0.7,
  Hernia: 0.96,
  Infiltration: 0.85,
  Mass: 0.85,
  Nodule: 0.69,
  Pleural_Thickening: 0.79,
  Pneumonia: 0.82,
  Pneumothorax: 0.81,
};

/** Findings that PadChest's table leaves out. */
const onCheXpert: Readonly<Record<string, number>> = {
  'Enlarged Cardiomediastinum': 0.78,
  'Lung Lesion': 0.84,
  'Lung Opacity': 0.87,
};

/** `undefined` where nothing is published for that network and finding. */
export function publishedAucOf(model: string, finding: string): PackFinding['publishedAuc'] {
  if (model !== 'chester-v3' && model !== 'densenet121-res224-all') return undefined;
  const padChest = onPadChest[finding];
  if (padChest !== undefined) return { value: padChest, testSet: 'PadChest (also among its training sources)', source };
  const cheXpert = onCheXpert[finding];
  if (cheXpert === undefined) return undefined;
  return { value: cheXpert, testSet: 'CheXpert (also among its training sources)', source };
}
