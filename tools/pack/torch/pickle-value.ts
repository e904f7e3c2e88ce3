/**
 * What a pickle becomes here: plain values and inert records. A class is its name, an object is a class's name and its
 * state, a tensor is where its numbers lie. None of them can be called.
 */

import type { ElementType } from '../element-types.ts';

export type PickleValue =
  | null
  | boolean
  | number
  /** Only beyond the safe integers. */
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleSet
  | ClassName
  | FunctionName
  | StorageTypeName
  | ObjectRecord
  | StorageReference
  | TensorReference;

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

/** `dict` and `collections.OrderedDict`, in their order. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}

export interface PickleSet {
  readonly kind: 'set';
  readonly items: PickleValue[];
}

/** A class of the network itself. */
export interface ClassName {
  readonly kind: 'class';
  readonly name: string;
}

/** One of the few functions whose result is known without calling them (torch-globals.ts). */
export interface FunctionName {
  readonly kind: 'function';
  readonly name: string;
}

export interface StorageTypeName {
  readonly kind: 'storage-type';
  readonly name: string;
  readonly elements: ElementType;
}

/** An instance: the name of its class and what `__setstate__` would have been given. */
export interface ObjectRecord {
  readonly kind: 'object';
  readonly className: string;
  state: PickleValue;
}

/** Numbers that lie outside the pickle. */
export interface StorageReference {
  readonly kind: 'storage';
  readonly key: string;
  readonly elements: ElementType;
  /** Elements of the whole storage. */
  readonly count: number;
  /** First element and number of elements of the part meant; the whole of it in all but very old files. */
  readonly viewStart: number;
  readonly viewCount: number;
}

export interface TensorReference {
  readonly kind: 'tensor';
  readonly storage: StorageReference;
  /** First element, within the storage's view. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements; 0 repeats. */
  readonly strides: readonly number[];
}

/** For error sentences: what a value is, without its content. */
export function describeValue(value: PickleValue): string {
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value !== 'object') return `a ${typeof value}`;
  switch (value.kind) {
    case 'class':
    case 'function':
    case 'storage-type':
      return value.name;
    case 'object':
      return `an instance of ${value.className}`;
    default:
      return `a ${value.kind}`;
  }
}

export function isKind<K extends Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
