/**
 * Everything that a pickle of PyTorch may name, and what its calls mean: a list of what is allowed, all else is refused
 * by its name where it is named, before anything could be made of it.
 *
 * Sources: torch/_utils.py, torch/serialization.py (persistent_id) and torch/nn/modules/module.py of PyTorch 1.2 to 2.6.
 * Modules saved before 1.5 hold `_backend`, an object that pickles as a call of
 * `torch.nn.backends.thnn._get_thnn_function_backend`; since 1.6 they hold a set, `_non_persistent_buffers_set`.
 * `copyreg._reconstructor` is what protocols 0 and 1 write for objects; PyTorch writes protocol 2, which has NEWOBJ,
 * so it is never needed.
 */

import type { ElementType } from '../element-types.ts';
import { RefusedFileError } from '../refused-file.ts';
import {
  describeValue,
  isKind,
  type ClassName,
  type FunctionName,
  type PickleTuple,
  type PickleValue,
  type StorageReference,
  type StorageTypeName,
} from './pickle-value.ts';

const storageTypes: ReadonlyMap<string, ElementType> = new Map([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
]);

type Call = (args: readonly PickleValue[], name: string) => PickleValue;

const functions: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch.Size', onlySequence((items) => ({ kind: 'tuple', items }))],
  ['torch.nn.backends.thnn._get_thnn_function_backend', functionBackend],
  ['collections.OrderedDict', orderedDict],
  // Protocol 2 writes Python 2's name of the module.
  ['__builtin__.set', onlySequence((items) => ({ kind: 'set', items }))],
  ['builtins.set', onlySequence((items) => ({ kind: 'set', items }))],
]);

/** The network's own classes: modules' names, and classes' names as Python writes them (no functions). */
const classModules = /^(?:torchxrayvision\.models|torch\.nn\.modules(?:\.[A-Za-z_]\w*)+)$/;
const className = /^_?[A-Z]\w*$/;
const dottedName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** @throws RefusedFileError `global-refused` with the name, or `malformed` where it is no name at all */
export function globalNamed(module: string, name: string): ClassName | FunctionName | StorageTypeName {
  if (!dottedName.test(module) || !dottedName.test(name)) {
    throw new RefusedFileError('malformed', 'The pickle names something that is no Python name.');
  }
  const full = `${module}.${name}`;
  const elements = storageTypes.get(full);
  if (elements !== undefined) return { kind: 'storage-type', name: full, elements };
  if (functions.has(full)) return { kind: 'function', name: full };
  if (classModules.test(module) && className.test(name)) return { kind: 'class', name: full };
  throw new RefusedFileError(
    'global-refused',
    `The file asks for ${full}, which is not on the list of what a network needs. Nothing of it was run. ` +
      'If the network is yours, save its state_dict() and add that.',
  );
}

/** What a call of one of the few allowed functions gives, without calling anything. */
export function resultOf(callee: PickleValue, args: PickleValue): PickleValue {
  const call = isKind(callee, 'function') ? functions.get(callee.name) : undefined;
  if (!isKind(callee, 'function') || call === undefined) {
    throw new RefusedFileError(
      'operation-refused',
      `The file wants ${describeValue(callee)} called, which is not a function of the list.`,
    );
  }
  if (!isKind(args, 'tuple')) throw wrongArguments(callee.name);
  return call(args.items, callee.name);
}

/**
 * Persistent ids are `('storage', type, key, location, count[, view])` for numbers outside the pickle and, in the legacy
 * layout, `('module', class, source file, source text)` for the first mention of a class: its text is dropped.
 */
export function persistentValue(id: PickleValue): StorageReference | ClassName {
  const [what, type, key, , count, view = null] = isKind(id, 'tuple') ? id.items : [];
  if (what === 'module' && isKind(type, 'class')) return type;
  if (what !== 'storage' || !isKind(type, 'storage-type') || typeof key !== 'string' || !isSize(count)) {
    throw new RefusedFileError('operation-refused', 'The file has a persistent id that is not a storage of a tensor.');
  }
  const storage = { kind: 'storage', key, elements: type.elements, count } as const;
  if (view === null) return { ...storage, viewStart: 0, viewCount: count };
  const [, viewStart, viewCount] = isKind(view, 'tuple') ? view.items : [];
  if (!isSize(viewStart) || !isSize(viewCount) || viewStart + viewCount > count) {
    throw new RefusedFileError('malformed', `A view of storage ${key} lies outside it.`);
  }
  return { ...storage, viewStart, viewCount };
}

/** (storage, first element, shape, strides, requires_grad, hooks[, metadata]) */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[], name: string): PickleValue {
  if (!isKind(storage, 'storage') || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw wrongArguments(name);
  }
  if (shape.items.length !== strides.items.length) throw wrongArguments(name);
  return { kind: 'tensor', storage, offset, shape: shape.items, strides: strides.items };
}

/** (tensor, requires_grad, hooks): the tensor itself. */
function rebuildParameter([tensor]: readonly PickleValue[], name: string): PickleValue {
  if (!isKind(tensor, 'tensor')) throw wrongArguments(name);
  return tensor;
}

/** () or, from Python 2, ([[key, value], …]). */
function orderedDict([items]: readonly PickleValue[], name: string): PickleValue {
  const entries = new Map<PickleValue, PickleValue>();
  if (items !== undefined) {
    for (const pair of sequenceOf(items) ?? [null]) {
      const [key, value, ...more] = sequenceOf(pair) ?? [];
      if (key === undefined || value === undefined || more.length > 0) throw wrongArguments(name);
      entries.set(key, value);
    }
  }
  return { kind: 'dict', entries };
}

function functionBackend(args: readonly PickleValue[], name: string): PickleValue {
  if (args.length > 0) throw wrongArguments(name);
  return { kind: 'object', className: name, state: null };
}

function onlySequence(make: (items: PickleValue[]) => PickleValue): Call {
  return (args, name) => {
    const items = args.length === 1 ? sequenceOf(args[0]) : undefined;
    if (items === undefined) throw wrongArguments(name);
    return make([...items]);
  };
}

function sequenceOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return isKind(value, 'list') || isKind(value, 'tuple') ? value.items : undefined;
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: PickleValue | undefined): value is PickleTuple & { readonly items: readonly number[] } {
  return isKind(value, 'tuple') && value.items.every(isSize);
}

function wrongArguments(name: string): RefusedFileError {
  return new RefusedFileError('malformed', `The file gives ${name} arguments that it does not take.`);
}
