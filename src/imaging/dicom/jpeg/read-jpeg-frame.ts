/** The marker segments of a JPEG stream (ITU-T T.81 Annex B). */

import { AppError } from '../../../shared/app-error.ts';
import type { HuffmanSpecification } from './huffman-table.ts';

export type JpegProcess = 'sequential' | 'lossless';

export interface JpegComponent {
  readonly id: number;
  /** Sampling factors, 1..4. */
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantization: number;
}

export interface JpegFrame {
  readonly process: JpegProcess;
  /** Bits a sample. */
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
}

export interface JpegTables {
  /** In zigzag order, as written. */
  readonly quantization: Map<number, Uint16Array>;
  /** Class (0 = DC or lossless, 1 = AC) × 16 + identifier. */
  readonly huffman: Map<number, HuffmanSpecification>;
  /** MCUs between restart markers; 0 = none. */
  restartInterval: number;
}

export interface JpegScan {
  readonly components: readonly { readonly index: number; readonly dcTable: number; readonly acTable: number }[];
  /** Ss, Se and Al: the predictor of lossless JPEG, the end of the spectrum, the point transform. */
  readonly start: number;
  readonly end: number;
  readonly low: number;
  /** Where the entropy-coded bits begin. */
  readonly dataAt: number;
}

const markers = { soi: 0xd8, eoi: 0xd9, sos: 0xda, dqt: 0xdb, dnl: 0xdc, dri: 0xdd, dht: 0xc4 } as const;
const markerByte = 0xff;

/** SOFn other than ours, by name (T.81 table B.1). */
const otherProcesses: Readonly<Record<number, string>> = {
  0xc2: 'progressive JPEG',
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical JPEG',
  0xc9: 'arithmetic-coded JPEG',
  0xca: 'arithmetic-coded JPEG',
  0xcb: 'arithmetic-coded JPEG',
  0xcd: 'arithmetic-coded JPEG',
  0xce: 'arithmetic-coded JPEG',
  0xcf: 'arithmetic-coded JPEG',
  0xf7: 'JPEG-LS in place of JPEG',
};

/**
 * Walks the marker segments of one stream.
 *
 * @param onFrame called once, before anything is allocated for the pixels
 * @param onScan decodes one scan and says where its bits end
 * @throws AppError `image-truncated`, `image-corrupt`, `dicom-unsupported` (another JPEG process)
 */
export function readJpegStream(
  bytes: Uint8Array,
  onFrame: (frame: JpegFrame) => void,
  onScan: (frame: JpegFrame, scan: JpegScan, tables: JpegTables) => number,
): void {
  const tables: JpegTables = { quantization: new Map(), huffman: new Map(), restartInterval: 0 };
  let frame: JpegFrame | undefined;
  let scans = 0;
  if (bytes[0] !== markerByte || bytes[1] !== markers.soi) throw corrupt();
  let at = 2;
  for (;;) {
    // Fill bytes FF may precede a marker (T.81 §B.1.1.2); what else lies here belongs to no segment.
    while (at < bytes.length && !(bytes[at] === markerByte && bytes[at + 1] !== markerByte && bytes[at + 1] !== 0))
      at += 1;
    const marker = bytes[at + 1];
    if (marker === undefined) {
      // An end without EOI is harmless once every component has had its scan.
      if (scans > 0) return;
      throw truncated();
    }
    at += 2;
    if (marker === markers.eoi) {
      if (scans === 0) throw corrupt();
      return;
    }
    if (marker === markers.soi || (marker >= 0xd0 && marker <= 0xd7) || marker === 1) continue;
    const length = at + 2 <= bytes.length ? bytes[at]! * 256 + bytes[at + 1]! : 0;
    if (length < 2) throw truncated();
    if (at + length > bytes.length) throw truncated();
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    if (marker === markers.dht) readHuffmanTables(segment, tables);
    else if (marker === markers.dqt) readQuantizationTables(segment, tables);
    else if (marker === markers.dri) tables.restartInterval = (segment[0] ?? 0) * 256 + (segment[1] ?? 0);
    else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc3) {
      if (frame !== undefined) throw corrupt();
      frame = readFrame(segment, marker === 0xc3 ? 'lossless' : 'sequential');
      onFrame(frame);
    } else if (marker === markers.sos) {
      if (frame === undefined) throw corrupt();
      at = onScan(frame, readScan(segment, frame, at), tables);
      scans += 1;
      // Each component has one scan in these processes; more are a way to keep a decoder busy.
      if (scans > frame.components.length) throw corrupt();
    } else {
      const process = otherProcesses[marker];
      if (process !== undefined) throw new AppError('dicom-unsupported', { feature: process });
    }
  }
}

function readFrame(segment: Uint8Array, process: JpegProcess): JpegFrame {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = segment;
  const headerBytes = 6;
  const componentBytes = 3;
  if (segment.length < headerBytes + count * componentBytes) throw corrupt();
  const components = Array.from({ length: count }, (_, index): JpegComponent => {
    const at = headerBytes + index * componentBytes;
    const factors = segment[at + 1]!;
    return { id: segment[at]!, horizontal: factors >> 4, vertical: factors & 15, quantization: segment[at + 2]! };
  });
  const isValid = components.every(({ horizontal: h, vertical: v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4);
  if (!isValid) throw corrupt();
  return { process, precision, height: h1 * 256 + h0, width: w1 * 256 + w0, components };
}

function readScan(segment: Uint8Array, frame: JpegFrame, dataAt: number): JpegScan {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length < 1 + count * 2 + 3) throw corrupt();
  const components = Array.from({ length: count }, (_, position) => {
    const id = segment[1 + position * 2];
    const selectors = segment[2 + position * 2]!;
    const index = frame.components.findIndex((component) => component.id === id);
    if (index < 0) throw corrupt();
    return { index, dcTable: selectors >> 4, acTable: selectors & 15 };
  });
  if (new Set(components.map(({ index }) => index)).size !== count) throw corrupt();
  const at = 1 + count * 2;
  return { components, start: segment[at]!, end: segment[at + 1]!, low: segment[at + 2]! & 15, dataAt };
}

function readHuffmanTables(segment: Uint8Array, { huffman }: JpegTables): void {
  const countBytes = 16;
  let at = 0;
  while (at < segment.length) {
    const key = segment[at]!;
    const counts = segment.slice(at + 1, at + 1 + countBytes);
    const total = counts.reduce((sum, count) => sum + count, 0);
    at += 1 + countBytes;
    if (counts.length < countBytes || at + total > segment.length || total > 256) throw corrupt();
    huffman.set(key, { counts, symbols: segment.slice(at, at + total) });
    at += total;
  }
}

function readQuantizationTables(segment: Uint8Array, { quantization }: JpegTables): void {
  const entries = 64;
  let at = 0;
  while (at < segment.length) {
    const key = segment[at]!;
    const width = key >> 4 === 0 ? 1 : 2;
    at += 1;
    if (at + entries * width > segment.length) throw corrupt();
    const start = at;
    const table = Uint16Array.from({ length: entries }, (_, index) =>
      width === 1 ? segment[start + index]! : segment[start + index * 2]! * 256 + segment[start + index * 2 + 1]!,
    );
    quantization.set(key & 15, table);
    at += entries * width;
  }
}

function corrupt(): AppError {
  return new AppError('image-corrupt', { format: 'jpeg' });
}

function truncated(): AppError {
  return new AppError('image-truncated', { format: 'jpeg' });
}
