/**
 * Runs a pickle's operations without executing anything that it names: what CPython's Lib/pickle.py would import and call
 * becomes an inert record (pickle-value.ts) or is refused by name (torch-globals.ts). There is no way from here to code.
 *
 * Python's pickle has no bounds. Here the number of operations, the depth, the memo and every length are bounded, and
 * nothing is allocated for a length that the file does not have.
 */

import { RefusedFileError } from '../refused-file.ts';
import { PickleCursor } from './pickle-cursor.ts';
import { nameOfRefused, opcode } from './pickle-opcodes.ts';
import { PickleStack } from './pickle-stack.ts';
import { describeValue, isKind, type PickleValue, type StorageReference } from './pickle-value.ts';
import { globalNamed, persistentValue, resultOf } from './torch-globals.ts';

/** The whole DenseNet-121 takes 65,292, its state_dict 26,073. */
const maxOperations = 1 << 20;
/** A tensor of the deepest layer lies about 25 deep, at three levels a module. */
const maxDepth = 100;
const maxMemoIndex = maxOperations;
/** Protocol 5 adds buffers outside the pickle, which PyTorch does not write. */
const maxProtocol = 4;

export interface PickleResult {
  readonly value: PickleValue;
  /** Of the first byte after it. */
  readonly end: number;
  /** Every storage that it refers to, by its key. */
  readonly storages: ReadonlyMap<string, StorageReference>;
}

/**
 * One pickle, from its first operation at byte `start` to its STOP.
 *
 * @throws RefusedFileError `global-refused`, `operation-refused`, `truncated`, `too-large`, `too-deep`, `malformed`
 */
export function readPickle(bytes: Uint8Array, start = 0): PickleResult {
  return new PickleMachine(bytes, start).run();
}

class PickleMachine {
  readonly #cursor: PickleCursor;
  readonly #stack = new PickleStack();
  readonly #memo = new Map<number, PickleValue>();
  readonly #depths = new WeakMap<object, number>();
  readonly #storages = new Map<string, StorageReference>();

  constructor(bytes: Uint8Array, start: number) {
    this.#cursor = new PickleCursor(bytes, start);
  }

  run(): PickleResult {
    for (let operations = 0; operations < maxOperations; operations += 1) {
      const code = this.#cursor.u8();
      if (code === opcode.STOP) {
        return { value: this.#stack.only(), end: this.#cursor.offset, storages: this.#storages };
      }
      this.#step(code);
    }
    throw new RefusedFileError('too-large', `The pickle has more than ${maxOperations} operations.`);
  }

  #step(code: number): void {
    const cursor = this.#cursor;
    const stack = this.#stack;
    switch (code) {
      case opcode.PROTO:
        return this.#checkProtocol(cursor.u8());
      case opcode.FRAME:
        return cursor.expect(cursor.u64());

      case opcode.NONE:
        return stack.push(null);
      case opcode.NEWTRUE:
        return stack.push(true);
      case opcode.NEWFALSE:
        return stack.push(false);
      case opcode.BININT:
        return stack.push(cursor.i32());
      case opcode.BININT1:
        return stack.push(cursor.u8());
      case opcode.BININT2:
        return stack.push(cursor.u16());
      case opcode.LONG1:
        return stack.push(cursor.integer(cursor.u8()));
      case opcode.LONG4:
        return stack.push(cursor.integer(cursor.i32()));
      case opcode.BINFLOAT:
        return stack.push(cursor.float64());
      case opcode.SHORT_BINUNICODE:
      case opcode.SHORT_BINSTRING:
        return stack.push(cursor.text(cursor.u8()));
      case opcode.BINUNICODE:
        return stack.push(cursor.text(cursor.u32()));
      case opcode.BINUNICODE8:
        return stack.push(cursor.text(cursor.u64()));
      case opcode.BINSTRING:
        return stack.push(cursor.text(cursor.i32()));
      case opcode.SHORT_BINBYTES:
        return stack.push(cursor.bytes(cursor.u8()));
      case opcode.BINBYTES:
        return stack.push(cursor.bytes(cursor.u32()));
      case opcode.BINBYTES8:
        return stack.push(cursor.bytes(cursor.u64()));

      case opcode.MARK:
        return this.#mark();
      case opcode.POP:
        return stack.popOrUnmark();
      case opcode.POP_MARK:
        return void stack.popToMark();
      case opcode.DUP:
        return stack.push(stack.top());
      case opcode.BINPUT:
        return this.#remember(cursor.u8());
      case opcode.LONG_BINPUT:
        return this.#remember(cursor.u32());
      case opcode.MEMOIZE:
        return this.#remember(this.#memo.size);
      case opcode.BINGET:
        return stack.push(this.#recall(cursor.u8()));
      case opcode.LONG_BINGET:
        return stack.push(this.#recall(cursor.u32()));

      case opcode.EMPTY_TUPLE:
        return stack.push({ kind: 'tuple', items: [] });
      case opcode.TUPLE1:
        return this.#pushTuple(stack.popMany(1));
      case opcode.TUPLE2:
        return this.#pushTuple(stack.popMany(2));
      case opcode.TUPLE3:
        return this.#pushTuple(stack.popMany(3));
      case opcode.TUPLE:
        return this.#pushTuple(stack.popToMark());
      case opcode.EMPTY_LIST:
        return stack.push({ kind: 'list', items: [] });
      case opcode.APPEND:
        return this.#extend('list', stack.popMany(1));
      case opcode.APPENDS:
        return this.#extend('list', stack.popToMark());
      case opcode.EMPTY_SET:
        return stack.push({ kind: 'set', items: [] });
      case opcode.ADDITEMS:
        return this.#extend('set', stack.popToMark());
      case opcode.FROZENSET:
        return this.#pushSet(stack.popToMark());
      case opcode.EMPTY_DICT:
        return stack.push({ kind: 'dict', entries: new Map() });
      case opcode.SETITEM:
        return this.#setItems(stack.popMany(2));
      case opcode.SETITEMS:
        return this.#setItems(stack.popToMark());

      case opcode.GLOBAL:
        return stack.push(globalNamed(cursor.line(), cursor.line()));
      case opcode.STACK_GLOBAL:
        return this.#stackGlobal();
      case opcode.BINPERSID:
        return this.#persistent(stack.pop());
      case opcode.NEWOBJ:
        return this.#newObject();
      case opcode.REDUCE:
        return this.#reduce();
      case opcode.BUILD:
        return this.#build();
      default:
        throw new RefusedFileError(
          'operation-refused',
          `The pickle holds the operation ${nameOfRefused(code)} at byte ${cursor.offset - 1}, which no file of PyTorch needs.`,
        );
    }
  }

  #checkProtocol(version: number): void {
    if (version > maxProtocol) throw new RefusedFileError('unsupported', `Pickle protocol ${version} is not read.`);
  }

  #mark(): void {
    if (this.#stack.marks >= maxDepth) throw tooDeep();
    this.#stack.mark();
  }

  #remember(index: number): void {
    if (index > maxMemoIndex) throw new RefusedFileError('too-large', `The pickle memorises number ${index}.`);
    this.#memo.set(index, this.#stack.top());
  }

  #recall(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined)
      throw new RefusedFileError('malformed', `The pickle recalls ${index}, which it never kept.`);
    return value;
  }

  /** What is put into `container` counts as one level deeper than its deepest part. */
  #nest(container: object, parts: readonly PickleValue[]): void {
    let depth = this.#depths.get(container) ?? 0;
    for (const part of parts) {
      if (typeof part === 'object' && part !== null) depth = Math.max(depth, (this.#depths.get(part) ?? 0) + 1);
    }
    if (depth > maxDepth) throw tooDeep();
    this.#depths.set(container, depth);
  }

  #pushTuple(items: PickleValue[]): void {
    const tuple = { kind: 'tuple', items } as const;
    this.#nest(tuple, items);
    this.#stack.push(tuple);
  }

  #pushSet(items: PickleValue[]): void {
    const set = { kind: 'set', items } as const;
    this.#nest(set, items);
    this.#stack.push(set);
  }

  #extend(kind: 'list' | 'set', items: readonly PickleValue[]): void {
    const container = this.#stack.top();
    if (!isKind(container, kind)) throw wrongTarget('Items are added to', container);
    this.#nest(container, items);
    for (const item of items) container.items.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#stack.top();
    if (!isKind(dict, 'dict')) throw wrongTarget('Entries are set in', dict);
    this.#nest(dict, items);
    for (let index = 0; index < items.length; index += 2) {
      const [key, value] = [items[index], items[index + 1]];
      if (key === undefined || value === undefined) {
        throw new RefusedFileError('malformed', 'The pickle sets an entry without its value.');
      }
      dict.entries.set(key, value);
    }
  }

  #stackGlobal(): void {
    const [module, name] = this.#stack.popMany(2);
    if (typeof module !== 'string' || typeof name !== 'string') {
      throw new RefusedFileError('malformed', 'The pickle names something that is no Python name.');
    }
    this.#stack.push(globalNamed(module, name));
  }

  #persistent(id: PickleValue): void {
    const value = persistentValue(id);
    if (value.kind === 'storage') {
      const known = this.#storages.get(value.key);
      if (known !== undefined && (known.count !== value.count || known.elements !== value.elements)) {
        throw new RefusedFileError('malformed', `The pickle describes storage ${value.key} in two ways.`);
      }
      this.#storages.set(value.key, value);
    }
    this.#stack.push(value);
  }

  #newObject(): void {
    const [type = null, args = null] = this.#stack.popMany(2);
    if (!isKind(type, 'class')) {
      throw new RefusedFileError(
        'operation-refused',
        `The file wants an instance of ${describeValue(type)}, which is not a class of a network.`,
      );
    }
    if (!isKind(args, 'tuple') || args.items.length > 0) {
      throw new RefusedFileError('malformed', `The file gives ${type.name} arguments that it does not take.`);
    }
    this.#stack.push({ kind: 'object', className: type.name, state: null });
  }

  #reduce(): void {
    const [callee = null, args = null] = this.#stack.popMany(2);
    const result = resultOf(callee, args);
    // A tensor holds nothing that could be nested; all other results hold their arguments.
    if (typeof result === 'object' && result !== null && !isKind(result, 'tensor')) this.#nest(result, [args]);
    this.#stack.push(result);
  }

  #build(): void {
    const [target = null, state = null] = this.#stack.popMany(2);
    // Attributes of a dictionary (`_metadata` of a state_dict) are of no use here.
    if (isKind(target, 'object')) {
      this.#nest(target, [state]);
      target.state = state;
    } else if (!isKind(target, 'dict')) {
      throw wrongTarget('State is given to', target);
    }
    this.#stack.push(target);
  }
}

function tooDeep(): RefusedFileError {
  return new RefusedFileError('too-deep', `The pickle is nested more than ${maxDepth} deep, which no network is.`);
}

function wrongTarget(what: string, target: PickleValue): RefusedFileError {
  return new RefusedFileError('malformed', `${what} ${describeValue(target)}.`);
}
