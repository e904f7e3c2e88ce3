import { RefusedFileError } from '../refused-file.ts';
import { isKind, type ObjectRecord, type PickleDict, type PickleValue, type TensorReference } from './pickle-value.ts';

export interface NamedTensors {
  /** By their names in PyTorch's `state_dict()`. */
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** Where the file holds a whole module. */
  readonly module?: ObjectRecord;
}

/** Keys under which training scripts put the network beside the optimiser and the epoch. */
const wrapperKeys = ['state_dict', 'model_state_dict', 'model'];
/** What wrappers of networks put before each name: DataParallel and common training scripts. */
const wrapperPrefixes = ['module.', 'model.'];
/** A wrapper may hold a wrapper. */
const maxWrappers = 4;
const maxModuleDepth = 32;
/** Modules and tensors; shared ones are counted each time, so that a few cannot stand for billions. */
const maxParts = 1 << 16;

/**
 * The tensors of a network, saved whole or as `state_dict()`, in a flat list.
 *
 * @throws RefusedFileError `not-a-model-file` where there is none, `malformed`, `too-deep`, `too-large`
 */
export function namedTensors(root: PickleValue): NamedTensors {
  const network = unwrap(root);
  const tensors = new Map<string, TensorReference>();
  if (isKind(network, 'object')) {
    collect(network, '', 0, { tensors, parts: 0 });
    return { tensors: withoutPrefixes(tensors), module: network };
  }
  for (const [name, value] of network.entries) {
    if (typeof name === 'string' && isKind(value, 'tensor')) tensors.set(name, value);
  }
  if (tensors.size === 0) throw noNetwork();
  return { tensors: withoutPrefixes(tensors) };
}

/** The attributes of a module. @throws RefusedFileError `malformed` */
export function attributesOf(module: ObjectRecord): ReadonlyMap<PickleValue, PickleValue> {
  if (!isKind(module.state, 'dict')) {
    throw new RefusedFileError('malformed', `An instance of ${module.className} has no attributes.`);
  }
  return module.state.entries;
}

function unwrap(root: PickleValue): PickleDict | ObjectRecord {
  let value: PickleValue | undefined = root;
  for (let wrappers = 0; wrappers <= maxWrappers; wrappers += 1) {
    if (isKind(value, 'object')) return value;
    if (!isKind(value, 'dict')) break;
    const { entries }: PickleDict = value;
    const inner: string | undefined = wrapperKeys.find(
      (key) => isKind(entries.get(key), 'dict') || isKind(entries.get(key), 'object'),
    );
    if (inner === undefined) return value;
    value = entries.get(inner);
  }
  throw noNetwork();
}

interface Collected {
  readonly tensors: Map<string, TensorReference>;
  parts: number;
}

/** Parameters, then buffers that are saved, then the modules within: what `state_dict()` does (torch/nn/modules/module.py). */
function collect(module: ObjectRecord, prefix: string, depth: number, found: Collected): void {
  if (depth > maxModuleDepth) {
    throw new RefusedFileError('too-deep', `The network's modules are nested more than ${maxModuleDepth} deep.`);
  }
  const attributes = attributesOf(module);
  const unsaved = attributes.get('_non_persistent_buffers_set');
  const skipped = isKind(unsaved, 'set') ? unsaved.items : [];
  for (const [name, value] of [
    ...namedEntries(attributes.get('_parameters')),
    ...namedEntries(attributes.get('_buffers')).filter(([name]) => !skipped.includes(name)),
  ]) {
    if (value === null) continue;
    if (!isKind(value, 'tensor')) throw new RefusedFileError('malformed', `${prefix}${name} is no tensor.`);
    count(found);
    found.tensors.set(`${prefix}${name}`, value);
  }
  for (const [name, value] of namedEntries(attributes.get('_modules'))) {
    if (value === null) continue;
    if (!isKind(value, 'object')) throw new RefusedFileError('malformed', `${prefix}${name} is no module.`);
    count(found);
    collect(value, `${prefix}${name}.`, depth + 1, found);
  }
}

function count(found: Collected): void {
  found.parts += 1;
  if (found.parts > maxParts) {
    throw new RefusedFileError('too-large', `The network has more than ${maxParts} modules and tensors.`);
  }
}

function namedEntries(value: PickleValue | undefined): [string, PickleValue][] {
  if (!isKind(value, 'dict')) return [];
  return Array.from(value.entries, ([name, entry]) => {
    if (typeof name !== 'string') throw new RefusedFileError('malformed', 'A part of the network has no name.');
    return [name, entry];
  });
}

/** A prefix goes where every name has it. */
function withoutPrefixes(tensors: Map<string, TensorReference>): Map<string, TensorReference> {
  const names = [...tensors.keys()];
  const prefix = wrapperPrefixes.find((one) => names.length > 0 && names.every((name) => name.startsWith(one)));
  if (prefix === undefined) return tensors;
  return withoutPrefixes(new Map(Array.from(tensors, ([name, tensor]) => [name.slice(prefix.length), tensor])));
}

function noNetwork(): RefusedFileError {
  return new RefusedFileError(
    'not-a-model-file',
    'The file holds neither a network nor its state_dict(): save the state_dict() and add that.',
  );
}
