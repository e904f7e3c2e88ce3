/** What the header of a DICOM file says about whether the picture is one that the models know. */

import type { DicomFacts, ImageSource, Reason } from '../../shared/analysis.ts';

/** Plain projection radiography: computed, digital, digitised film, and what some devices write for digital. */
const plainModalities: ReadonlySet<string> = new Set(['CR', 'DX', 'RG', 'DR']);
/** "Other" and "secondary capture": may be anything, a chest X-ray among it. */
const openModalities: ReadonlySet<string> = new Set(['OT', 'SC']);

/** Words of Body Part Examined, free text in practice, that have the chest in them in the languages met. */
const chestWords = /CHEST|THORA|TORAX|TORACE|LUNG|POUMON|PULMON|BRUST|KLATKA|RIB|STERNUM|WHOLE ?BODY/;
/** Defined terms (DICOM PS3.16 Annex L) that are certainly another part; other words only raise a doubt. */
const otherParts: ReadonlySet<string> = new Set(
  (
    'ABDOMEN ANKLE ARM BREAST CALCANEUS CALCN CERVIX CLAVICLE COCCYX CSPINE ELBOW EXTREMITY EYE FEMUR FINGER FOOT ' +
    'FOREARM HAND HEAD HIP HUMERUS JAW KNEE LEG LSPINE MANDIBLE MAXILLA NECK PATELLA PELVIS RADIUS SACRUM SCAPULA ' +
    'SHOULDER SKULL SPINE SSPINE TIBIA TOE TLSPINE TSPINE ULNA UTERUS WRIST ZYGOMA'
  ).split(' '),
);

/** View Position (PS3.3 §C.8.7.1 and §C.8.11.5): beams from the side. Decubitus views, LLD and RLD, are frontal. */
const lateralViews: ReadonlySet<string> = new Set(['LL', 'RL', 'LAT', 'LATERAL', 'LLAT', 'RLAT']);

/** Years; younger patients are children to the networks, which were trained on adults. */
const adultYears = 18;

/**
 * Chest radiographs compressed more than this have visibly lost something
 * (European Society of Radiology, Insights into Imaging 2011; 2: 103–115, table of the Royal College of Radiologists).
 */
const harmlessRatio = 10;

/** Headers are often wrong, so a person may override every one of these. */
export function gateOnHeader({ dicom }: ImageSource): Reason[] {
  if (dicom === undefined) return [];
  return [
    ...judgeModality(dicom),
    ...judgeBodyPart(dicom),
    ...judgeView(dicom),
    ...judgeAge(dicom),
    ...judgePixels(dicom),
  ];
}

function judgeModality({ modality }: DicomFacts): Reason[] {
  if (modality === undefined || plainModalities.has(modality)) return [];
  return [{ code: 'header-modality', severity: openModalities.has(modality) ? 'warn' : 'refuse' }];
}

function judgeBodyPart({ bodyPart }: DicomFacts): Reason[] {
  const named = bodyPart?.toUpperCase() ?? '';
  if (named === '' || named === 'UNKNOWN' || chestWords.test(named)) return [];
  return [{ code: 'header-body-part', severity: otherParts.has(named) ? 'refuse' : 'warn' }];
}

function judgeView({ viewPosition }: DicomFacts): Reason[] {
  return lateralViews.has(viewPosition?.toUpperCase() ?? '') ? [{ code: 'lateral', severity: 'refuse' }] : [];
}

function judgeAge({ patientAgeYears: years }: DicomFacts): Reason[] {
  if (years === undefined || years >= adultYears) return [];
  return [{ code: 'header-age', severity: 'warn', value: years, threshold: adultYears }];
}

function judgePixels({ lossy, burnedInAnnotation, presentationIntent }: DicomFacts): Reason[] {
  const reasons: Reason[] = [];
  if (lossy !== undefined) {
    const { ratio } = lossy;
    const severity = ratio !== undefined && ratio > harmlessRatio ? 'warn' : 'info';
    reasons.push({
      code: 'lossy-history',
      severity,
      ...(ratio === undefined ? {} : { value: ratio, threshold: harmlessRatio }),
    });
  }
  if (burnedInAnnotation === true) reasons.push({ code: 'burned-in-text', severity: 'warn' });
  if (presentationIntent === 'FOR PROCESSING') reasons.push({ code: 'header-for-processing', severity: 'warn' });
  return reasons;
}
