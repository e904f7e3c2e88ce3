/**
 * PyTorch's layout since 1.6 (torch/serialization.py, _save): a zip file `NAME/data.pkl`, `NAME/data/KEY` for each storage
 * and, since 2.1, `NAME/byteorder`.
 */

import { bytesPerElement } from '../element-types.ts';
import { RefusedFileError } from '../refused-file.ts';
import { readPickle } from './pickle-machine.ts';
import type { TorchObject } from './torch-object.ts';
import { checkedBytes, readZipDirectory } from './zip-directory.ts';

const pickleName = /^[^/]+\/data\.pkl$/;

/** @throws RefusedFileError */
export function readZipLayout(bytes: Uint8Array): TorchObject {
  const entries = readZipDirectory(bytes);
  const [pickle, ...others] = [...entries.values()].filter(({ name }) => pickleName.test(name));
  if (pickle === undefined || others.length > 0) {
    throw new RefusedFileError('not-a-model-file', 'The file is a zip file, but none that torch.save() wrote.');
  }
  const folder = pickle.name.slice(0, pickle.name.indexOf('/'));
  if (entries.has(`${folder}/constants.pkl`)) {
    throw new RefusedFileError('unsupported', 'The file is a TorchScript program: save its state_dict() and add that.');
  }
  const byteOrder = entries.get(`${folder}/byteorder`);
  if (byteOrder !== undefined && Buffer.from(checkedBytes(byteOrder)).toString('latin1').trim() !== 'little') {
    throw new RefusedFileError('unsupported', 'The file comes from a big-endian machine.');
  }

  const { value, storages: references } = readPickle(checkedBytes(pickle));
  const storages = new Map<string, Uint8Array>();
  for (const [key, { count, elements }] of references) {
    const entry = entries.get(`${folder}/data/${key}`);
    if (entry === undefined) throw new RefusedFileError('malformed', `The numbers of storage ${key} are missing.`);
    if (entry.bytes.length !== count * bytesPerElement[elements]) {
      throw new RefusedFileError('malformed', `Storage ${key} does not have the ${count} elements that it should.`);
    }
    storages.set(key, checkedBytes(entry));
  }
  return { value, storages };
}
