/** Works to cite, as their authors ask. Data: not translated. */

export interface Citation {
  readonly text: string;
  readonly address: string;
}

export const citations: { readonly app: readonly Citation[]; readonly data: readonly Citation[] } = {
  app: [
    {
      text: 'Cohen JP, Bertin P, Frappier V. Chester: A Web Delivered Locally Computed Chest X-Ray Disease Prediction System. arXiv:1901.11210, 2019.',
      address: 'https://arxiv.org/abs/1901.11210',
    },
    {
      text: 'Cohen JP, Viviano JD, Bertin P, et al. TorchXRayVision: A library of chest X-ray datasets and models. MIDL 2022. arXiv:2111.00595.',
      address: 'https://arxiv.org/abs/2111.00595',
    },
  ],
  data: [
    {
      text: 'Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on Weakly-Supervised Classification and Localization of Common Thorax Diseases. CVPR 2017. Data (ChestX-ray14): NIH Clinical Center.',
      address: 'https://nihcc.app.box.com/v/ChestXray-NIHCC',
    },
  ],
};
