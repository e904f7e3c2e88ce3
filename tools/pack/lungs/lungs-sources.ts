/** Whose pictures and masks taught the lungs pack. */

import type { PackSource } from '../../../src/shared/pack.ts';

export const lungsSources: readonly PackSource[] = [
  {
    title: 'JSRT database with the SCR masks (lungs and heart)',
    licence: 'research use; cite',
    citation:
      'Shiraishi J et al. Development of a digital image database for chest radiographs with and without a lung nodule. AJR 2000;174:71-74. van Ginneken B, Stegmann MB, Loog M. Segmentation of anatomical structures in chest radiographs using supervised methods. Medical Image Analysis 2006;10(1):19-40.',
    url: 'http://db.jsrt.or.jp/eng.php',
  },
  {
    title: 'Montgomery County and Shenzhen tuberculosis sets (lungs)',
    licence: 'cite and acknowledge the National Library of Medicine',
    citation:
      'Jaeger S et al. Two public chest X-ray datasets for computer-aided screening of pulmonary diseases. Quant Imaging Med Surg 2014;4(6):475-7. Candemir S et al. Lung segmentation in chest radiographs using anatomical atlases with nonrigid registration. IEEE Trans Med Imaging 2014;33(2):577-90.',
    url: 'https://lhncbc.nlm.nih.gov/LHC-downloads/downloads.html',
  },
  {
    title: 'Masks of the Shenzhen set',
    licence: 'CC BY-NC-SA 4.0',
    citation:
      'Stirenko S et al. Chest X-Ray Analysis of Tuberculosis by Deep Learning with Segmentation and Augmentation. arXiv:1803.01199.',
    url: 'https://arxiv.org/abs/1803.01199',
  },
  {
    title: 'v7labs masks on the paediatric X-rays of Kermany et al. (lungs, where the conventions agree)',
    licence: 'CC BY 4.0',
    citation:
      'Kermany D et al. Labeled Optical Coherence Tomography and Chest X-Ray Images, Mendeley rscbjbr9sj. Masks: V7 Labs, COVID-19 X-ray dataset.',
    url: 'https://data.mendeley.com/datasets/rscbjbr9sj',
  },
];
