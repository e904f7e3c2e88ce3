import { AppError } from '../../../shared/app-error.ts';
import { BitReader } from './bit-reader.ts';
import { buildHuffmanTable } from './huffman-table.ts';
import type { JpegFrame, JpegScan, JpegTables } from './read-jpeg-frame.ts';

/** This category has no bits behind it and stands for 32,768 (T.81 table H.2). */
const wideCategory = 16;
const wideDifference = 0x8000;

/**
 * Decodes one scan of a lossless frame: each sample is the sum of a prediction from its neighbours and a difference,
 * modulo 2^16 (T.81 Annex H.2).
 *
 * @param into interleaved samples of the whole frame
 * @returns where the scan's bits end
 * @throws AppError `image-corrupt`, `image-truncated`, `dicom-unsupported` (subsampled components)
 */
export function decodeLosslessScan(
  bytes: Uint8Array,
  frame: JpegFrame,
  scan: JpegScan,
  tables: JpegTables,
  into: Int32Array,
): number {
  if (frame.components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    if (frame.components.length > 1) throw new AppError('dicom-unsupported', { feature: 'subsampled lossless JPEG' });
  }
  const { start: predictor, low: shift } = scan;
  if (predictor < 1 || predictor > 7 || shift >= frame.precision) throw corrupt();
  const reader = new BitReader(bytes, scan.dataAt);
  const coders = scan.components.map(({ index, dcTable }) => {
    const specification = tables.huffman.get(dcTable);
    if (specification === undefined) throw corrupt();
    return { index, table: buildHuffmanTable(specification) };
  });
  const { width, height } = frame;
  const step = frame.components.length;
  const rowStep = width * step;
  const initial = 2 ** (frame.precision - shift - 1);
  let left = tables.restartInterval;
  // Neighbours above count from the second line after the start or a restart on.
  let firstRow = 0;
  let startsAt = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (tables.restartInterval > 0) {
        if (left === 0) {
          reader.restart();
          left = tables.restartInterval;
          firstRow = y;
          startsAt = x;
        }
        left -= 1;
      }
      for (const { index, table } of coders) {
        const at = y * rowStep + x * step + index;
        const category = reader.decode(table);
        if (category > wideCategory) throw corrupt();
        const difference = category === wideCategory ? wideDifference : reader.receiveExtend(category);
        let prediction: number;
        if (y === firstRow) prediction = x === startsAt ? initial : into[at - step]!;
        else if (x === 0) prediction = into[at - rowStep]!;
        else prediction = predict(predictor, into[at - step]!, into[at - rowStep]!, into[at - rowStep - step]!);
        into[at] = (prediction + difference) & 0xffff;
      }
    }
  }
  if (shift > 0) for (const { index } of coders) for (let at = index; at < into.length; at += step) into[at]! <<= shift;
  return reader.position;
}

/** T.81 table H.1: a is left, b above, c above left. */
function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

function corrupt(): AppError {
  return new AppError('image-corrupt', { format: 'jpeg' });
}
