import { AppError } from '../../../shared/app-error.ts';
import type { FrameShape, SampleGrid } from '../sample-grid.ts';
import { decodeLosslessScan } from './lossless-scan.ts';
import { readJpegStream, type JpegFrame } from './read-jpeg-frame.ts';
import { decodeSequentialScan, makePlanes, type JpegPlane } from './sequential-scan.ts';
import { upsample } from './upsample.ts';

/** Sequential JPEG has one of these; anything else is refused, never guessed (T.81 table B.2). */
const sequentialPrecisions: readonly number[] = [8, 12];
const losslessPrecisions = { least: 2, most: 16 } as const;

/**
 * The JPEG processes of DICOM: baseline, extended with 8 or 12 bits, and lossless with any predictor (ITU-T T.81;
 * DICOM PS3.5 §8.2.1). Samples are as stored: chroma is brought to full size, colours are not converted.
 *
 * @param shape what the DICOM header says; held against the stream's own before anything is allocated
 * @throws AppError `image-corrupt`, `image-truncated`, `dicom-unsupported`
 */
export function decodeJpeg(bytes: Uint8Array, shape: FrameShape): SampleGrid {
  let values: Int32Array | undefined;
  let planes: JpegPlane[] | undefined;
  const seen = new Set<number>();
  let decoded: JpegFrame | undefined;
  readJpegStream(
    bytes,
    (frame) => {
      requireShape(frame, shape);
      decoded = frame;
    },
    (frame, scan, tables) => {
      for (const { index } of scan.components) seen.add(index);
      if (frame.process === 'lossless') {
        values ??= new Int32Array(shape.width * shape.height * shape.samples);
        return decodeLosslessScan(bytes, frame, scan, tables, values);
      }
      planes ??= makePlanes(frame);
      return decodeSequentialScan(bytes, frame, scan, tables, planes);
    },
  );
  if (decoded === undefined || seen.size < shape.samples) throw new AppError('image-truncated', { format: 'jpeg' });
  if (planes !== undefined) values = interleave(decoded, planes);
  if (values === undefined) throw new AppError('image-corrupt', { format: 'jpeg' });
  return { ...shape, values, bits: decoded.precision, signed: false };
}

function requireShape({ process, precision, width, height, components }: JpegFrame, shape: FrameShape): void {
  const isSupported =
    process === 'sequential'
      ? sequentialPrecisions.includes(precision)
      : precision >= losslessPrecisions.least && precision <= losslessPrecisions.most;
  if (!isSupported) throw new AppError('dicom-unsupported', { feature: `JPEG with ${precision} bits` });
  if (width !== shape.width || height !== shape.height || components.length !== shape.samples) {
    throw new AppError('image-corrupt', { format: 'jpeg', width, height, samples: components.length });
  }
}

function interleave({ width, height, components }: JpegFrame, planes: readonly JpegPlane[]): Int32Array {
  const mostHorizontal = Math.max(...components.map(({ horizontal }) => horizontal));
  const mostVertical = Math.max(...components.map(({ vertical }) => vertical));
  const count = components.length;
  const values = new Int32Array(width * height * count);
  components.forEach(({ horizontal, vertical }, component) => {
    const full = upsample(planes[component]!, width, height, mostHorizontal / horizontal, mostVertical / vertical);
    for (let from = 0, to = component; from < full.length; from += 1, to += count) values[to] = full[from]!;
  });
  return values;
}
