/**
 * TorchXRayVision's seven DenseNet-121 releases (arXiv 2111.00595, 2002.02497): what their outputs mean and where the
 * publisher puts the thresholds. Numbers and names only, from the repository mlmed/torchxrayvision (Apache-2.0), file
 * `torchxrayvision/models.py` at commit 3a10ce359d061b7366e0df21cb3dee10a28f744e: `labels` and `op_threshs`.
 *
 * Thresholds are on the sigmoid of the logit, where sensitivity + specificity is largest on images that the publisher held
 * back (`scripts/model_calibrate.py` at 07a9793b1dfefffc42c7d602a0e1725fccb43193); neither sensitivity nor specificity is
 * stated there. No digest of these files is published.
 */

import { findingIds } from '../../../src/shared/finding-ids.ts';

export interface Release {
  readonly id: `densenet121-res224-${string}`;
  /** What it was trained on, in the publisher's words. */
  readonly trainedOn: string;
  readonly url: string;
  /** In the order of the outputs; '' where the output was not trained and means nothing. */
  readonly labels: readonly string[];
  /** In the order of the outputs; null exactly where the label is ''. */
  readonly thresholds: readonly (number | null)[];
}

const folder = 'https://github.com/mlmed/torchxrayvision/releases/download/v1';
/** The file names differ in what they were trained on only. */
const recipe = 'densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best.pt';

/** In both lists of the publisher the same outputs are left out, so the labels follow from the thresholds. */
function release(name: string, file: string, trainedOn: string, thresholds: readonly (number | null)[]): Release {
  return {
    id: `densenet121-res224-${name}`,
    trainedOn,
    url: `${folder}/${file}-${recipe}`,
    labels: findingIds.map((id, output) => (typeof thresholds[output] === 'number' ? id : '')),
    thresholds,
  };
}

export const releases: readonly Release[] = [
  release(
    'all',
    'nih-pc-chex-mimic_ch-google-openi-kaggle',
    'nih-pc-chex-mimic_ch-google-openi-rsna',
    [
      0.07422872, 0.038290843, 0.09814756, 0.0098118475, 0.023601074, 0.0022490358, 0.010060724, 0.103246614,
      0.056810737, 0.026791653, 0.050318155, 0.023985857, 0.01939503, 0.042889766, 0.053369623, 0.035975814, 0.20204692,
      0.05015312,
    ],
  ),
  release('nih', 'nih', 'NIH chest X-ray8', [
    0.039117552,
    0.0034529066,
    0.11396341,
    0.0057298196,
    0.00045666535,
    0.0018880932,
    0.012037827,
    0.038744126,
    0.0037213727,
    0.014730946,
    0.016149804,
    0.054241467,
    0.037198864,
    0.0004403434,
    null,
    null,
    null,
    null,
  ]),
  release('pc', 'pc', 'PadChest (University of Alicante)', [
    0.031012505,
    0.013347598,
    0.081435576,
    0.001262615,
    0.002587246,
    0.0035944257,
    0.0023071,
    0.055412333,
    0.044385884,
    0.042766232,
    0.043258056,
    0.037629247,
    0.005658899,
    0.0091741895,
    null,
    0.026507627,
    null,
    null,
  ]),
  release('chex', 'chex', 'CheXpert (Stanford)', [
    0.1988969,
    0.05710573,
    null,
    0.0531293,
    0.1435217,
    null,
    null,
    0.27212676,
    0.07749717,
    null,
    0.19712369,
    null,
    null,
    null,
    0.09932402,
    0.09273402,
    0.3270967,
    0.10888247,
  ]),
  release('rsna', 'kaggle', 'RSNA Pneumonia Challenge', [
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    0.13486601,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    0.13511065,
    null,
  ]),
  release('mimic_nb', 'mimic_nb', 'MIMIC-CXR (MIT), labels of NegBio', [
    0.08558747,
    0.011884617,
    null,
    0.0040595434,
    0.010733786,
    null,
    null,
    0.118761964,
    0.022924708,
    null,
    0.06358637,
    null,
    null,
    null,
    0.022143636,
    0.017476924,
    0.1258702,
    0.014020768,
  ]),
  release('mimic_ch', 'mimic_ch', 'MIMIC-CXR (MIT), labels of CheXpert', [
    0.09121389,
    0.010573786,
    null,
    0.005023008,
    0.003698257,
    null,
    null,
    0.08001232,
    0.037242252,
    null,
    0.05006329,
    null,
    null,
    null,
    0.019866971,
    0.03823637,
    0.11303808,
    0.0069147074,
  ]),
];
