import type { GrayImage, Reason, ReasonCode } from '../../shared/analysis.ts';
import { measurePixelSigns, type PixelSigns } from './pixel-signs.ts';

/**
 * The limits of the first gate. Each is meant as a fact about X-rays, not about files; how they fare on the data folder
 * is in the pack's card (`npm run measure-gate`).
 */
export const pixelLimits = {
  /** The findings network looks at 224 pixels: a smaller picture is enlarged, and the blur is read as disease. */
  shortSide: 224,
  /** Chest films are 35 × 43 cm at most that far from square (1.23), detectors likewise; cropping adds some. */
  elongation: 1.6,
  /** X-rays have no colour. Above the tint that scanners and JPEG add, it is a photograph: of a film, or of something else. */
  meanChroma: 0.03,
  /** X-rays are shadows through 20 cm of tissue: fine detail is below 7 % of the contrast in 99 of 100. */
  detail: 0.1,
  /** Slices (CT, MR) and print change from dark to bright within 3 mm; a shadow does not, except at markers and metal. */
  sharpEdges: 0.13,
  /** Paper, screens and empty pictures have a few tones; tissue has all. */
  commonTones: 0.65,
  /** Nothing can be read where nearly half of the picture is at the end of the range. */
  white: 0.4,
  /** Plates with black surround around a small chest reach half; beyond this hardly a chest remains. */
  black: 0.65,
  /** Without a doubt from elsewhere only pictures with hardly a trace of lungs are questioned: white lungs exist. */
  lungFields: 0.33,
  /** Where something else speaks against a chest X-ray the lungs must be seen clearly. */
  lungFieldsInDoubt: 0.5,
  /** More black than this along the edges: the object lies free in the picture, as limbs, breasts and slices do. */
  blackFrame: 0.6,
  /** A negative's lungs must be found as clearly as an upright picture's usually are, … */
  invertedLungFields: 0.58,
  /** … and clearly better than the lungs of the picture itself, for bright fields may be anything. */
  invertedLead: 0.12,
  /** Less alike than this to its mirror image, and no clear lung fields: seen from the side. */
  symmetry: 0.6,
  lungFieldsOfLateral: 0.55,
} as const;

/**
 * The first gate's look at the pixels, before any network runs. It only ever warns; `joinReasons` refuses where
 * several doubts of different kinds meet.
 *
 * @param signs given where they were measured already
 */
export function gateOnPixels(image: GrayImage, signs: PixelSigns = measurePixelSigns(image)): Reason[] {
  const limits = pixelLimits;
  const reasons = new Map<ReasonCode, Reason>();
  /** One reason a code: the first sign that speaks is the one that is told. */
  const warn = (code: ReasonCode, value: number, threshold: number): void => {
    if (!reasons.has(code)) reasons.set(code, { code, severity: 'warn', value, threshold });
  };
  const coloured = signs.meanChroma > limits.meanChroma;
  const clearLungs = signs.lungFields >= limits.lungFieldsInDoubt;

  if (signs.detail > limits.detail) warn('not-an-xray', signs.detail, limits.detail);
  if (coloured && !clearLungs) warn('not-an-xray', signs.meanChroma, limits.meanChroma);
  if (signs.commonTones > limits.commonTones) warn('not-an-xray', signs.commonTones, limits.commonTones);
  if (signs.sharpEdges > limits.sharpEdges) warn('other-modality', signs.sharpEdges, limits.sharpEdges);
  if (signs.lungFields < limits.lungFields) warn('other-body-part', signs.lungFields, limits.lungFields);
  // In a photograph the black surround is the dark room around the light box.
  if (signs.blackFrame > limits.blackFrame && !coloured && !clearLungs) {
    warn('other-body-part', signs.lungFields, limits.lungFieldsInDoubt);
  }
  // A hand is not symmetric either: "lateral" is said only where nothing stronger is.
  const otherKind = reasons.size > 0;
  if (!otherKind && signs.symmetry < limits.symmetry && signs.lungFields < limits.lungFieldsOfLateral) {
    warn('lateral', signs.symmetry, limits.symmetry);
  }
  const lead = signs.invertedLungFields - signs.lungFields;
  if (signs.invertedLungFields > limits.invertedLungFields && lead > limits.invertedLead) {
    warn('inverted', signs.invertedLungFields, limits.invertedLungFields);
  }
  if (signs.elongation > limits.elongation) warn('cut-off', signs.elongation, limits.elongation);
  if (signs.black > limits.black) warn('under-exposed', signs.black, limits.black);
  if (signs.white > limits.white) warn('over-exposed', signs.white, limits.white);
  if (signs.shortSide < limits.shortSide) warn('low-resolution', signs.shortSide, limits.shortSide);
  return [...reasons.values()];
}
