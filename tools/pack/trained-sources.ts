/** Whose data and weights our own networks were made of; training/README.md tells how. */

import type { PackSource } from '../../src/shared/pack.ts';

export const trainedSources: readonly PackSource[] = [
  {
    title: 'NIH ChestX-ray14 (training, cross-validation)',
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
    title: 'Paediatric pneumonia (an auxiliary head only, never labels of the findings)',
    licence: 'CC BY 4.0',
    citation: 'Kermany D et al. Labeled Optical Coherence Tomography and Chest X-Ray Images, Mendeley rscbjbr9sj.',
    url: 'https://data.mendeley.com/datasets/rscbjbr9sj',
  },
  {
    title: 'Montgomery County and Shenzhen tuberculosis sets (an auxiliary head only, never labels of the findings)',
    licence: 'research use; cite and acknowledge the National Library of Medicine',
    citation:
      'Jaeger S et al. Two public chest X-ray datasets for computer-aided screening of pulmonary diseases. Quant Imaging Med Surg 2014;4(6):475-7.',
    url: 'https://lhncbc.nlm.nih.gov/LHC-downloads/downloads.html',
  },
];

export const trainedCitations: readonly string[] = [
  'Cohen JP, Bertin P, Frappier V. Chester: A Web Delivered Locally Computed Chest X-Ray Disease Prediction System. arXiv:1901.11210.',
  ...trainedSources.slice(0, 2).map(({ citation }) => citation),
];
