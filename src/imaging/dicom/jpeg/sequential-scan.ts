import { AppError } from '../../../shared/app-error.ts';
import { BitReader } from './bit-reader.ts';
import { buildHuffmanTable } from './huffman-table.ts';
import { inverseDct } from './inverse-dct.ts';
import type { JpegFrame, JpegScan, JpegTables } from './read-jpeg-frame.ts';

const side = 8;
const coefficientsInBlock = side * side;

/** Position in the block, row-major, of the k-th coefficient (T.81 figure A.6). */
const zigzag: Uint8Array = makeZigzag();

/** Samples of one component, its sides rounded up to whole MCUs. */
export interface JpegPlane {
  readonly stride: number;
  readonly rows: number;
  /** The samples that count; the rest of the last blocks is filling. */
  readonly usedWidth: number;
  readonly usedHeight: number;
  readonly samples: Uint16Array;
}

/** Empty planes for a frame. */
export function makePlanes(frame: JpegFrame): JpegPlane[] {
  const { across, down, mostHorizontal, mostVertical } = mcuGrid(frame);
  return frame.components.map(({ horizontal, vertical }) => {
    const stride = across * horizontal * side;
    const rows = down * vertical * side;
    return {
      stride,
      rows,
      usedWidth: Math.ceil((frame.width * horizontal) / mostHorizontal),
      usedHeight: Math.ceil((frame.height * vertical) / mostVertical),
      samples: new Uint16Array(stride * rows),
    };
  });
}

function mcuGrid({ width, height, components }: JpegFrame) {
  const mostHorizontal = Math.max(...components.map(({ horizontal }) => horizontal));
  const mostVertical = Math.max(...components.map(({ vertical }) => vertical));
  return {
    mostHorizontal,
    mostVertical,
    across: Math.ceil(width / (mostHorizontal * side)),
    down: Math.ceil(height / (mostVertical * side)),
  };
}

/**
 * Decodes one scan of a sequential DCT frame with Huffman codes, 8 or 12 bits (T.81 §F.2.1).
 *
 * @param planes where its components' samples go
 * @returns where the scan's bits end
 * @throws AppError `image-corrupt`, `image-truncated`
 */
export function decodeSequentialScan(
  bytes: Uint8Array,
  frame: JpegFrame,
  scan: JpegScan,
  tables: JpegTables,
  planes: readonly JpegPlane[],
): number {
  const reader = new BitReader(bytes, scan.dataAt);
  const coders = scan.components.map(({ index, dcTable, acTable }) => {
    const component = frame.components[index]!;
    const dc = tables.huffman.get(dcTable);
    const ac = tables.huffman.get(16 + acTable);
    const quantization = tables.quantization.get(component.quantization);
    if (dc === undefined || ac === undefined || quantization === undefined) throw corrupt();
    const write = makeBlockWriter(frame.precision, planes[index]!);
    return {
      component,
      plane: planes[index]!,
      dc: buildHuffmanTable(dc),
      ac: buildHuffmanTable(ac),
      quantization,
      write,
      last: 0,
    };
  });
  // A scan of one component has no MCUs of several blocks, and only the blocks that count (T.81 §A.2.2).
  const single = coders.length === 1 ? coders[0] : undefined;
  const grid = mcuGrid(frame);
  const across = single === undefined ? grid.across : Math.ceil(single.plane.usedWidth / side);
  const down = single === undefined ? grid.down : Math.ceil(single.plane.usedHeight / side);
  const block = new Float64Array(coefficientsInBlock);
  let left = tables.restartInterval;
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      if (tables.restartInterval > 0) {
        if (left === 0) {
          reader.restart();
          for (const coder of coders) coder.last = 0;
          left = tables.restartInterval;
        }
        left -= 1;
      }
      for (const coder of coders) {
        const columns = single === undefined ? coder.component.horizontal : 1;
        const rows = single === undefined ? coder.component.vertical : 1;
        for (let inner = 0; inner < columns * rows; inner += 1) {
          const { dc, ac, quantization } = coder;
          coder.last = readBlock(reader, dc, ac, quantization, coder.last, block);
          coder.write(block, x * columns + (inner % columns), y * rows + Math.floor(inner / columns));
        }
      }
    }
  }
  return reader.position;
}

/** @returns the DC coefficient before dequantisation, from which the next is predicted */
function readBlock(
  reader: BitReader,
  dc: Uint16Array,
  ac: Uint16Array,
  quantization: Uint16Array,
  last: number,
  block: Float64Array,
): number {
  block.fill(0);
  const category = reader.decode(dc);
  if (category > 15) throw corrupt();
  const value = last + reader.receiveExtend(category);
  block[0] = value * quantization[0]!;
  for (let k = 1; k < coefficientsInBlock; k += 1) {
    const symbol = reader.decode(ac);
    const bits = symbol & 15;
    const run = symbol >> 4;
    if (bits === 0) {
      // ZRL skips sixteen zeros, anything shorter ends the block (T.81 §F.2.2.2).
      if (run < 15) break;
      k += 15;
      continue;
    }
    k += run;
    if (k >= coefficientsInBlock) throw corrupt();
    block[zigzag[k]!] = reader.receiveExtend(bits) * quantization[k]!;
  }
  return value;
}

function makeBlockWriter(precision: number, { samples, stride }: JpegPlane) {
  const middle = 2 ** (precision - 1);
  const highest = 2 ** precision - 1;
  const pixels = new Float64Array(coefficientsInBlock);
  return (block: Float64Array, column: number, row: number): void => {
    inverseDct(block, pixels);
    for (let y = 0, from = 0; y < side; y += 1) {
      let to = (row * side + y) * stride + column * side;
      for (let x = 0; x < side; x += 1, from += 1, to += 1) {
        const value = Math.round(pixels[from]!) + middle;
        samples[to] = value < 0 ? 0 : value > highest ? highest : value;
      }
    }
  };
}

function makeZigzag(): Uint8Array {
  const order: number[] = [];
  for (let diagonal = 0; diagonal < 2 * side - 1; diagonal += 1) {
    const cells: number[] = [];
    for (let row = 0; row < side; row += 1) {
      const column = diagonal - row;
      if (column >= 0 && column < side) cells.push(row * side + column);
    }
    // Odd diagonals run down and to the left, even ones up and to the right.
    order.push(...(diagonal % 2 === 0 ? cells.reverse() : cells));
  }
  return Uint8Array.from(order);
}

function corrupt(): AppError {
  return new AppError('image-corrupt', { format: 'jpeg' });
}
