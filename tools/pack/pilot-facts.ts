/** What the pilot's own documents state, as fields of a manifest: nothing is added to it. */

import type { PackFinding, PackSource } from '../../src/shared/pack.ts';
import { gradeOf } from '../evaluate/grade.ts';
import type { PilotConfig } from './mobilenet-v2.ts';

export const pocketSources: readonly PackSource[] = [
  {
    title: 'NIH ChestX-ray14 (training, validation)',
    licence: 'no restrictions; cite and acknowledge the NIH Clinical Center',
    citation:
      'Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on Weakly-Supervised Classification and Localization of Common Thorax Diseases. CVPR 2017.',
    url: 'https://nihcc.app.box.com/v/ChestXray-NIHCC',
  },
  {
    title: 'MobileNetV2 1.0, ImageNet (starting weights)',
    licence: 'Apache-2.0',
    citation:
      'Sandler M et al. MobileNetV2: Inverted Residuals and Linear Bottlenecks. arXiv:1801.04381. As published by Coral.',
    url: 'https://coral.ai/models/',
  },
  {
    title: 'Other public chest X-rays (auxiliary heads only, never as labels of the findings)',
    licence: 'mixed, some for research or non-commercial use',
    citation:
      'Kermany D et al. Labeled Optical Coherence Tomography and Chest X-Ray Images, Mendeley rscbjbr9sj (CC BY 4.0); public COVID-19, tuberculosis and pneumonia collections.',
    url: 'https://data.mendeley.com/datasets/rscbjbr9sj',
  },
];

export const pocketCitations: readonly string[] = [
  'Cohen JP, Bertin P, Frappier V. Chester: A Web Delivered Locally Computed Chest X-Ray Disease Prediction System. arXiv:1901.11210.',
  ...pocketSources.slice(0, 2).map(({ citation }) => citation),
];

export function describeFindings(config: PilotConfig, biases: Float32Array): PackFinding[] {
  const testSet = config.validation.set;
  return config.findings.map(({ id, operatingPoint, auc, aucInterval95, positives }, index) => ({
    id,
    operatingPoints: { digital: { score: operatingPoint, rule: 'youden' } },
    auc: { value: auc, interval95: aucInterval95, positives, testSet },
    grade: gradeOf(aucInterval95[0]),
    bias: biases[index] ?? 0,
  }));
}
