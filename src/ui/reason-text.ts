/** The sentence and the next step for every reason of the gate. */

import { msg } from '@lit/localize';
import type { ReasonCode } from '../shared/analysis.ts';

export interface ReasonText {
  readonly sentence: string;
  readonly nextStep: string;
}

const turnAndReopen = (): string => msg('Turn the picture upright in the gallery, save it and open it again.');

const texts: Readonly<Record<ReasonCode, () => ReasonText>> = {
  'not-an-xray': () => ({
    sentence: msg('This does not look like an X-ray.'),
    nextStep: msg('Open a frontal chest X-ray, or take a photo that shows only the film.'),
  }),
  'other-body-part': () => ({
    sentence: msg('This looks like an X-ray of another part of the body.'),
    nextStep: msg('Open a frontal X-ray of the chest: the models know nothing else.'),
  }),
  'other-modality': () => ({
    sentence: msg('This looks like CT, MR or ultrasound, not a plain X-ray.'),
    nextStep: msg('Open a plain frontal chest X-ray.'),
  }),
  lateral: () => ({
    sentence: msg('This looks like a view from the side.'),
    nextStep: msg('Open the frontal view: the models were trained on it alone.'),
  }),
  child: () => ({
    sentence: msg('This looks like the X-ray of a child.'),
    nextStep: msg('Do not rely on the scores: the models were trained on adults.'),
  }),
  inverted: () => ({
    sentence: msg('Black and white seem to be swapped.'),
    nextStep: msg('If bones are dark and air is bright, press Invert and then “Analyse inverted”.'),
  }),
  'rotated-90': () => ({
    sentence: msg('The picture seems to lie on its side, turned clockwise.'),
    nextStep: turnAndReopen(),
  }),
  'rotated-180': () => ({ sentence: msg('The picture seems to be upside down.'), nextStep: turnAndReopen() }),
  'rotated-270': () => ({
    sentence: msg('The picture seems to lie on its side, turned anticlockwise.'),
    nextStep: turnAndReopen(),
  }),
  mirrored: () => ({
    sentence: msg('Left and right seem to be swapped.'),
    nextStep: msg('Check the side marker. The heart usually points to the right-hand edge of the picture.'),
  }),
  'cut-off': () => ({
    sentence: msg('A part of the lungs may be cut off, or the picture has an unusual shape.'),
    nextStep: msg('Show both lungs whole, from above the collarbones to below the ribs, and little else.'),
  }),
  tilted: () => ({
    sentence: msg('The picture is tilted.'),
    nextStep: msg('Hold the camera straight in front of the film and take the photo again.'),
  }),
  blurred: () => ({
    sentence: msg('The picture is blurred.'),
    nextStep: msg('Hold still, tap on the film to focus and take the photo again.'),
  }),
  glare: () => ({
    sentence: msg('Light is reflected on the film.'),
    nextStep: msg('Switch off lamps behind you, or move a little to the side, and take the photo again.'),
  }),
  moire: () => ({
    sentence: msg('The photo shows the stripes of a monitor.'),
    nextStep: msg('Move a little farther away or nearer, or export the picture from the viewer instead.'),
  }),
  'under-exposed': () => ({
    sentence: msg('The picture is very dark, or has little contrast.'),
    nextStep: msg('Use a brighter light box, or export the original picture. Dark areas hide findings.'),
  }),
  'over-exposed': () => ({
    sentence: msg('The picture is very bright; fine details are burnt out.'),
    nextStep: msg('Lower the exposure, or export the original picture. Bright areas hide findings.'),
  }),
  'low-resolution': () => ({
    sentence: msg('The picture has very few pixels.'),
    nextStep: msg('Open the original, not a thumbnail or a picture that a chat app made smaller.'),
  }),
  'burned-in-text': () => ({
    sentence: msg('Writing seems to lie over the picture.'),
    nextStep: msg(
      'Export it without annotations if you can. It may name the patient: black boxes cover it in what you save or print.',
    ),
  }),
  'far-from-training': () => ({
    sentence: msg('This picture is unlike the X-rays that the model was trained on.'),
    nextStep: msg('Check that it is a frontal chest X-ray of an adult, upright and whole. Trust the scores less.'),
  }),
  'header-for-processing': () => ({
    sentence: msg('The file holds raw values, before the device made a picture of them.'),
    nextStep: msg('Open the picture that was made for presentation: the models were trained on such.'),
  }),
  'header-modality': () => ({
    sentence: msg('The file says that it is not a plain X-ray.'),
    nextStep: msg('Open a plain frontal chest X-ray.'),
  }),
  'header-body-part': () => ({
    sentence: msg('The file says that it shows another part of the body.'),
    nextStep: msg('Open a frontal X-ray of the chest: the models know nothing else.'),
  }),
  'header-age': () => ({
    sentence: msg('The file says that the patient is a child.'),
    nextStep: msg('Do not rely on the scores: the models were trained on adults.'),
  }),
  'lossy-history': () => ({
    sentence: msg('The picture was compressed with loss before.'),
    nextStep: msg('Use the original where there is one: fine details may be missing.'),
  }),
};

export function reasonText(code: ReasonCode): ReasonText {
  return texts[code]();
}
