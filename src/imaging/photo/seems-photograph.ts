import type { ImageSource } from '../../shared/analysis.ts';
import { readImageHeader, type ImageHeader } from '../image-header.ts';
import { requireReadableFormat, sniffFormat } from '../sniff-format.ts';

/**
 * Mean chroma from which a picture is taken for a photograph of a film or a monitor. Digital X-rays have no colour, and JPEG
 * adds little: of 206 that are none (teaching collections, colour and grey files) the most tinted has 0.010, the photographs of
 * films there and elsewhere 0.027 and more, drawn ones 0.012 and more in 19 of 20 (docs/photo-quality.md).
 */
const leastTint = 0.012;

/** Before anything is decoded: whether a file says that a camera made it. Never throws: what is wrong with it is found later. */
export function isFromCamera(bytes: Uint8Array): boolean {
  let header: ImageHeader;
  try {
    const format = requireReadableFormat(sniffFormat(bytes));
    if (format === 'dicom') return false;
    header = readImageHeader(bytes, format);
  } catch {
    return false;
  }
  // Telephones write HEIC, and nothing that makes X-rays does.
  return header.isFromCamera === true || header.format === 'heic';
}

/** Whether a decoded picture has the tint of a light box, a lamp or a screen. */
export function isTinted({ kind, colour }: ImageSource): boolean {
  return kind === 'raster' && colour !== undefined && colour.meanChroma >= leastTint;
}
