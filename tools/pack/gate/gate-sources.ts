/** Whose pictures taught the gate. */

import type { PackSource } from '../../../src/shared/pack.ts';
import { lungsSources } from '../lungs/lungs-sources.ts';
import { trainedSources } from '../trained-sources.ts';

const [nih, mobileNet] = trainedSources;
const [jsrt, tuberculosis] = lungsSources;

export const gateSources: readonly PackSource[] = [
  ...[nih, mobileNet, jsrt, tuberculosis].filter((source) => source !== undefined),
  {
    title: 'Children’s chest X-rays',
    licence: 'CC BY 4.0',
    citation: 'Kermany D et al. Labeled Optical Coherence Tomography and Chest X-Ray Images, Mendeley rscbjbr9sj.',
    url: 'https://data.mendeley.com/datasets/rscbjbr9sj',
  },
  {
    title: 'covid-chestxray-dataset (frontal and lateral X-rays, CT slices)',
    licence: 'per image, mostly CC BY-NC-SA 4.0',
    citation:
      'Cohen JP et al. COVID-19 Image Data Collection: Prospective Predictions Are the Future. arXiv:2006.11988.',
    url: 'https://github.com/ieee8023/covid-chestxray-dataset',
  },
  {
    title: 'MedNIST',
    licence: 'CC BY-SA 4.0',
    citation: 'MedNIST, gathered by B. Erickson (Mayo Clinic) from TCIA, the RSNA Bone Age Challenge and the NIH.',
    url: 'https://github.com/Project-MONAI/MONAI-extra-test-data',
  },
  {
    title: 'Mammograms (MIAS)',
    licence: 'research use',
    citation: 'Suckling J et al. The Mammographic Image Analysis Society digital mammogram database. 1994.',
    url: 'https://www.repository.cam.ac.uk/handle/1810/250394',
  },
  {
    title:
      'Receipts (ICDAR-2019 SROIE), ECG prints (ecg-image-kit), photographs (ImageNet samples), radiographs of bones, skulls and knees, brain MR, films on light boxes',
    licence: 'mixed; several state none, or research use only',
    citation: 'Public collections without a common reference; each was used for training and measuring only.',
    url: 'https://rrc.cvc.uab.es/?ch=13',
  },
];
