/**
 * The names of the findings, exactly as TorchXRayVision orders the outputs of its
 * `densenet121-res224-all` (arXiv 2111.00595, models.py). A pack lists its own subset.
 */
export const findingIds = [
  'Atelectasis',
  'Consolidation',
  'Infiltration',
  'Pneumothorax',
  'Edema',
  'Emphysema',
  'Fibrosis',
  'Effusion',
  'Pneumonia',
  'Pleural_Thickening',
  'Cardiomegaly',
  'Nodule',
  'Mass',
  'Hernia',
  'Lung Lesion',
  'Fracture',
  'Lung Opacity',
  'Enlarged Cardiomediastinum',
] as const;
export type FindingId = (typeof findingIds)[number];
