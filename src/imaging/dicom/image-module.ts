import { AppError } from '../../shared/app-error.ts';
import { cleanText } from '../../shared/clean-text.ts';
import { maxDeclaredPixels } from '../../shared/limits.ts';
import type { DataSet } from './data-set.ts';
import type { FrameShape } from './sample-grid.ts';
import { tags } from './tags.ts';

export const photometrics = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_ICT',
  'YBR_RCT',
] as const;
export type Photometric = (typeof photometrics)[number];

/** How pixels are stored (PS3.3 §C.7.6.3), held against the standard and the caps. */
export interface ImageModule extends FrameShape {
  readonly frames: number;
  readonly photometric: Photometric;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Samples of one kind lie together, plane after plane. */
  readonly planar: boolean;
}

export const allocations: readonly number[] = [1, 8, 16, 32];

/**
 * @throws AppError `dicom-no-image` (a report, a plan, a directory), `dicom-unsupported`, `image-corrupt`,
 *   `image-too-large`
 */
export function readImageModule(dataSet: DataSet): ImageModule {
  if (dataSet.element(tags.pixelData) === undefined) throw withoutPixels(dataSet);
  const height = dataSet.number(tags.rows) ?? 0;
  const width = dataSet.number(tags.columns) ?? 0;
  const samples = dataSet.number(tags.samplesPerPixel) ?? 1;
  const frames = dataSet.decimal(tags.numberOfFrames) ?? 1;
  if (height < 1 || width < 1 || !Number.isInteger(frames) || frames < 1) throw corrupt({ width, height, frames });
  const pixels = width * height * frames;
  if (pixels > maxDeclaredPixels || width * height * samples > maxDeclaredPixels) {
    throw new AppError('image-too-large', { format: 'dicom', width, height, frames, maxPixels: maxDeclaredPixels });
  }
  const photometric = requirePhotometric(dataSet.text(tags.photometricInterpretation), samples);
  const bitsAllocated = dataSet.number(tags.bitsAllocated) ?? 0;
  if (!allocations.includes(bitsAllocated)) {
    throw new AppError('dicom-unsupported', { feature: `${bitsAllocated} bits allocated` });
  }
  const bitsStored = dataSet.number(tags.bitsStored) ?? bitsAllocated;
  const highBit = dataSet.number(tags.highBit) ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw corrupt({ bitsAllocated, bitsStored, highBit });
  }
  return {
    width,
    height,
    samples,
    frames,
    photometric,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: dataSet.number(tags.pixelRepresentation) === 1,
    planar: samples > 1 && dataSet.number(tags.planarConfiguration) === 1,
  };
}

function withoutPixels(dataSet: DataSet): AppError {
  const isFloat = [tags.floatPixelData, tags.doubleFloatPixelData].some((tag) => dataSet.element(tag) !== undefined);
  if (isFloat) return new AppError('dicom-unsupported', { feature: 'float pixel data' });
  const modality = dataSet.text(tags.modality);
  return new AppError('dicom-no-image', modality === undefined ? {} : { modality: cleanText(modality) });
}

function requirePhotometric(named: string | undefined, samples: number): Photometric {
  // Missing though it is required: grey is MONOCHROME2, as every viewer takes it.
  const name = named ?? (samples === 1 ? 'MONOCHROME2' : 'RGB');
  const photometric = photometrics.find((known) => known === name);
  if (photometric === undefined) throw new AppError('dicom-unsupported', { feature: cleanText(name) });
  if (samples !== (isColour(photometric) ? 3 : 1)) throw corrupt({ photometric, samples });
  return photometric;
}

/** Three samples a pixel. */
export function isColour(photometric: Photometric): boolean {
  return photometric === 'RGB' || photometric.startsWith('YBR');
}

function corrupt(details: Record<string, string | number>): AppError {
  return new AppError('image-corrupt', { format: 'dicom', ...details });
}
