/** How common findings are in the whole of NIH ChestX-ray14 (Wang et al. 2017, Data_Entry_2017.csv): images with each label. */

const nihImages = 112_120;

const nihCounts: Readonly<Record<string, number>> = {
  Atelectasis: 11_559,
  Cardiomegaly: 2_776,
  Effusion: 13_317,
  Infiltration: 19_894,
  Mass: 5_782,
  Nodule: 6_331,
  Pneumonia: 1_431,
  Pneumothorax: 5_302,
  Consolidation: 4_667,
  Edema: 2_303,
  Emphysema: 2_516,
  Fibrosis: 1_686,
  Pleural_Thickening: 3_385,
  Hernia: 227,
};

/** The prevalence at which probabilities are stated by default; `undefined` for a finding that NIH does not label. */
export function referencePrevalenceOf(
  finding: string,
): { readonly value: number; readonly source: string } | undefined {
  const images = nihCounts[finding];
  if (images === undefined) return undefined;
  const source = `NIH ChestX-ray14, ${images.toLocaleString('en')} of ${nihImages.toLocaleString('en')} images`;
  return { value: images / nihImages, source };
}
