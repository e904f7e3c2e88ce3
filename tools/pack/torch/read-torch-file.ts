import { readFile, stat } from 'node:fs/promises';
import { sha256Hex } from '../../../src/shared/sha256.ts';
import { RefusedFileError } from '../refused-file.ts';
import { parseSafetensors, safetensorsLengthBytes, type SourceTensor } from '../safetensors.ts';
import { readLegacyLayout } from './legacy-layout.ts';
import { attributesOf, namedTensors } from './named-tensors.ts';
import { isKind, type ObjectRecord, type PickleValue } from './pickle-value.ts';
import { tensorValues } from './tensor-values.ts';
import type { TorchObject } from './torch-object.ts';
import { readZipLayout } from './zip-layout.ts';

export interface TorchFile {
  readonly kind: 'legacy-module' | 'legacy-state' | 'zip-module' | 'zip-state' | 'safetensors';
  /** Parameters and buffers by their names in `state_dict()`, row-major float32. */
  readonly tensors: ReadonlyMap<string, SourceTensor>;
  /** Of a whole module: the full name of its class. */
  readonly className?: string;
  /** Of a whole module that states them: what its outputs mean, '' where an output was not trained. */
  readonly labels?: readonly string[];
  /** TorchXRayVision's `op_threshs`: one score an output, NaN where there is none. */
  readonly thresholds?: readonly number[];
  /** Of the whole file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A DenseNet-121 takes 28 MB, with an optimiser's state 84. */
const maxFileBytes = 512 * 2 ** 20;
const zipSignature = 0x04034b50;
const openingBrace = 0x7b;
/** A pickle begins with PROTO; older protocols with any operation, of which GLOBAL and MARK could start something. */
const pickleStarts: readonly number[] = [0x80, 0x63, 0x28];
/** Under which TorchXRayVision's networks keep them, as a buffer or an attribute. */
const thresholdsName = 'op_threshs';
const labelNames = ['pathologies', 'targets'];

/**
 * Reads a network that PyTorch saved, in its legacy or zip layout, whole or as `state_dict()`, or a safetensors file.
 * Nothing in the file is executed (pickle-machine.ts).
 *
 * @throws RefusedFileError with a reason by name; nothing of the file has been used then
 */
export async function readTorchFile(path: string): Promise<TorchFile> {
  const { size } = await stat(path);
  if (size > maxFileBytes) throw new RefusedFileError('too-large', `The file has ${size} bytes.`);
  const bytes = await readFile(path);
  return { ...parseTorchFile(bytes), sha256: await sha256Hex(bytes) };
}

/** @throws RefusedFileError, and nothing else whatever the bytes are */
export function parseTorchFile(bytes: Uint8Array): Omit<TorchFile, 'sha256'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 4 && view.getUint32(0, true) === zipSignature) return describe('zip', readZipLayout(bytes));
  if (bytes[safetensorsLengthBytes] === openingBrace) {
    return withThresholds({ kind: 'safetensors', tensors: parseSafetensors(bytes) });
  }
  if (pickleStarts.includes(bytes[0] ?? 0)) return describe('legacy', readLegacyLayout(bytes));
  throw new RefusedFileError(
    'not-a-model-file',
    'The file is neither one that torch.save() wrote nor a safetensors file.',
  );
}

function describe(layout: 'legacy' | 'zip', { value, storages }: TorchObject): Omit<TorchFile, 'sha256'> {
  const { tensors, module } = namedTensors(value);
  const values = tensorValues(tensors, storages);
  if (module === undefined) return withThresholds({ kind: `${layout}-state`, tensors: values });
  const labels = labelsOf(module);
  const thresholds = numbersOf(attributesOf(module).get(thresholdsName));
  return withThresholds({
    kind: `${layout}-module`,
    tensors: values,
    className: module.className,
    ...(labels === undefined ? {} : { labels }),
    ...(thresholds === undefined ? {} : { thresholds }),
  });
}

/** The thresholds are a buffer of newer networks, but no part of what computes the logits. */
function withThresholds(file: Omit<TorchFile, 'sha256'>): Omit<TorchFile, 'sha256'> {
  const buffer = file.tensors.get(thresholdsName);
  if (buffer === undefined) return file;
  const tensors = new Map([...file.tensors].filter(([name]) => name !== thresholdsName));
  return { thresholds: Array.from(buffer.data), ...file, tensors };
}

function labelsOf(module: ObjectRecord): string[] | undefined {
  const attributes = attributesOf(module);
  for (const name of labelNames) {
    const items = itemsOf(attributes.get(name));
    const labels = items?.filter((item) => typeof item === 'string');
    if (labels !== undefined && labels.length > 0 && labels.length === items?.length) return labels;
  }
  return undefined;
}

function numbersOf(value: PickleValue | undefined): number[] | undefined {
  const items = itemsOf(value);
  const numbers = items?.filter((item) => typeof item === 'number');
  return numbers !== undefined && numbers.length > 0 && numbers.length === items?.length ? numbers : undefined;
}

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return isKind(value, 'list') || isKind(value, 'tuple') ? value.items : undefined;
}
