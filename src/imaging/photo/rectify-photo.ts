import type { GrayImage, ImageSource, PhotoChoice, PhotoImage } from '../../shared/analysis.ts';
import { resizeArea } from '../resize.ts';
import { findBorder, widestSurroundings } from './crop-border.ts';
import { checkPhoto } from './photo-checks.ts';
import { greyPhoto } from './photo-grey.ts';
import { measurePhotoSigns } from './photo-signs.ts';
import { rectifiedSize, rectify } from './rectify.ts';
import { stretchTones } from './stretch-tones.ts';

/**
 * A photograph and its corners to the grey picture that goes on: cast out, rectified, checked, its rim cut off, its tones
 * stretched to what the networks were trained on.
 *
 * @param source as the file says, from `decodePhoto`
 * @throws RangeError where three corners lie on a line
 */
export function rectifyPhoto(photo: PhotoImage, choice: PhotoChoice, source: ImageSource): GrayImage {
  const { corners, placedBy, inputKind } = choice;
  const { grey, colour } = greyPhoto(photo, corners);
  const whole = rectify(grey, corners, rectifiedSize(corners, photo));
  const reasons = checkPhoto(measurePhotoSigns(photo, corners, whole));
  const border = placedBy === 'whole-picture' ? findBorder(whole, widestSurroundings) : findBorder(whole);
  const cropped = resizeArea(whole.data, whole.width, whole.height, border.width, border.height, border);
  const { width, height } = photo;
  return {
    width: border.width,
    height: border.height,
    data: stretchTones(cropped),
    source: {
      ...source,
      kind: 'photo',
      inputKind,
      colour,
      photo: { width, height, corners, placedBy, reasons },
    },
  };
}
