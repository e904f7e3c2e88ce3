/**
 * PyTorch's layout before 1.6 (torch/serialization.py, _legacy_save): five pickles one after the other (magic number,
 * protocol, system, object, keys of the storages), then each storage as a 64-bit count and its raw elements.
 */

import { bytesPerElement } from '../element-types.ts';
import { RefusedFileError } from '../refused-file.ts';
import { readPickle } from './pickle-machine.ts';
import { isKind, type PickleValue, type StorageReference } from './pickle-value.ts';
import type { TorchObject } from './torch-object.ts';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
const countBytes = 8;

/** @throws RefusedFileError */
export function readLegacyLayout(bytes: Uint8Array): TorchObject {
  const magic = readPickle(bytes);
  if (magic.value !== magicNumber) {
    throw new RefusedFileError('not-a-model-file', 'The file is a pickle, but none that torch.save() wrote.');
  }
  const protocol = readPickle(bytes, magic.end);
  if (protocol.value !== protocolVersion) {
    throw new RefusedFileError('unsupported', 'The file has a protocol of PyTorch that is not read.');
  }
  const system = readPickle(bytes, protocol.end);
  if (!isKind(system.value, 'dict') || system.value.entries.get('little_endian') !== true) {
    throw new RefusedFileError('unsupported', 'The file comes from a big-endian machine.');
  }
  const object = readPickle(bytes, system.end);
  const keys = readPickle(bytes, object.end);
  return { value: object.value, storages: readStorages(bytes, keys.end, keysOf(keys.value), object.storages) };
}

function keysOf(value: PickleValue): string[] {
  const keys = isKind(value, 'list') ? value.items.filter((key) => typeof key === 'string') : [];
  if (!isKind(value, 'list') || keys.length !== value.items.length || new Set(keys).size !== keys.length) {
    throw new RefusedFileError('malformed', 'The file has no proper list of its storages.');
  }
  return keys;
}

function readStorages(
  bytes: Uint8Array,
  start: number,
  keys: readonly string[],
  references: ReadonlyMap<string, StorageReference>,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const storages = new Map<string, Uint8Array>();
  let offset = start;
  for (const key of keys) {
    const reference = references.get(key);
    if (reference === undefined) throw new RefusedFileError('malformed', `No tensor refers to storage ${key}.`);
    if (bytes.length - offset < countBytes) throw cutOff(key);
    const count = view.getBigInt64(offset, true);
    if (count !== BigInt(reference.count)) {
      throw new RefusedFileError(
        'malformed',
        `Storage ${key} announces ${count.toString()} elements where its tensors expect ${reference.count}.`,
      );
    }
    offset += countBytes;
    const length = reference.count * bytesPerElement[reference.elements];
    if (length > bytes.length - offset) throw cutOff(key);
    storages.set(key, bytes.subarray(offset, offset + length));
    offset += length;
  }
  for (const key of references.keys()) {
    if (!storages.has(key)) throw new RefusedFileError('malformed', `The numbers of storage ${key} are missing.`);
  }
  return storages;
}

function cutOff(key: string): RefusedFileError {
  return new RefusedFileError('truncated', `The file ends within storage ${key}: fetch it again.`);
}
