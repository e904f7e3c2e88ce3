/** Writes pickles operation by operation, hostile ones too: what Python's pickler would never write. */

type Part = Uint8Array | readonly number[];

export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : Uint8Array.from(part))));
}

export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

export function u64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return buffer;
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

export const proto = (version = 2): Buffer => bytes([0x80, version]);
export const stop = ascii('.');
export const none = ascii('N');
export const mark = ascii('(');
export const tuple = ascii('t');
export const tuple1 = bytes([0x85]);
export const tuple2 = bytes([0x86]);
export const tuple3 = bytes([0x87]);
export const emptyTuple = ascii(')');
export const emptyList = ascii(']');
export const emptyDict = ascii('}');
export const emptySet = bytes([0x8f]);
export const append = ascii('a');
export const appends = ascii('e');
export const setItem = ascii('s');
export const setItems = ascii('u');
export const reduce = ascii('R');
export const build = ascii('b');
export const newObject = bytes([0x81]);
export const persistentId = ascii('Q');
export const stackGlobal = bytes([0x93]);
export const pop = ascii('0');
export const dup = ascii('2');

export const global = (module: string, name: string): Buffer => ascii(`c${module}\n${name}\n`);
export const put = (index: number): Buffer => bytes([0x72], u32(index));
export const get = (index: number): Buffer => bytes([0x6a], u32(index));
export const int = (value: number): Buffer => bytes([0x4a], u32(value >>> 0));
/** LONG1, for what an int32 cannot hold. */
export const long = (value: bigint): Buffer => bytes([0x8a, 8], u64(value));

export function text(value: string): Buffer {
  const encoded = Buffer.from(value);
  return bytes(ascii('X'), u32(encoded.length), encoded);
}

/** A whole pickle of protocol 2. */
export const pickle = (...parts: readonly Part[]): Buffer => bytes(proto(), ...parts, stop);

export function dict(entries: Readonly<Record<string, Part>>): Buffer {
  return bytes(emptyDict, ...Object.entries(entries).flatMap(([key, value]) => [text(key), value, setItem]));
}

export const list = (...items: readonly Part[]): Buffer => bytes(emptyList, ...items.flatMap((item) => [item, append]));
export const sizes = (...values: readonly (number | bigint)[]): Buffer =>
  bytes(mark, ...values.map((value) => (typeof value === 'bigint' ? long(value) : int(value))), tuple);

/** An instance of one of the network's classes. */
export const object = (module: string, name: string, state: Part): Buffer =>
  bytes(global(module, name), emptyTuple, newObject, state, build);

/** A module as PyTorch's own: `state_dict()` would give `parameters`, then what `modules` hold. */
export function torchModule(parts: {
  readonly parameters?: Readonly<Record<string, Part>>;
  readonly buffers?: Readonly<Record<string, Part>>;
  readonly modules?: Readonly<Record<string, Part>>;
  readonly attributes?: Readonly<Record<string, Part>>;
}): Buffer {
  const state = {
    ...parts.attributes,
    _parameters: dict(parts.parameters ?? {}),
    _buffers: dict(parts.buffers ?? {}),
    _modules: dict(parts.modules ?? {}),
  };
  return object('torchxrayvision.models', 'DenseNet', dict(state));
}

export interface TensorParts {
  readonly key: string;
  readonly count: number | bigint;
  readonly type?: string;
  readonly offset?: number;
  readonly shape: readonly (number | bigint)[];
  readonly strides: readonly (number | bigint)[];
  /** (key, first element, number of elements) of a view, as PyTorch before 0.4 had them. */
  readonly view?: readonly [string, number, number];
}

export function tensor({ key, count, type = 'FloatStorage', offset = 0, shape, strides, view }: TensorParts): Buffer {
  const viewId = view === undefined ? none : bytes(mark, text(view[0]), int(view[1]), int(view[2]), tuple);
  const number = typeof count === 'bigint' ? long(count) : int(count);
  const id = [mark, text('storage'), global('torch', type), text(key), text('cuda:0'), number, viewId, tuple];
  const hooks = bytes(global('collections', 'OrderedDict'), emptyTuple, reduce);
  return bytes(
    global('torch._utils', '_rebuild_tensor_v2'),
    mark,
    ...id,
    persistentId,
    int(offset),
    sizes(...shape),
    sizes(...strides),
    bytes([0x89]),
    hooks,
    tuple,
    reduce,
  );
}

const magic = bytes(proto(), [0x8a, 10], Buffer.from('6cfc9c46f9206aa85019', 'hex'), stop);

export interface LegacyStorage {
  readonly key: string;
  /** As the file announces it. */
  readonly count: number | bigint;
  readonly bytes: Uint8Array;
}

/** A file of the legacy layout around the pickle of one object. */
export function legacyFile(
  objectPickle: Uint8Array,
  storages: readonly LegacyStorage[] = [],
  { protocol = 1001, littleEndian = true } = {},
): Buffer {
  const keys = pickle(list(...storages.map(({ key }) => text(key))));
  const raw = storages.map((storage) => bytes(u64(BigInt.asUintN(64, BigInt(storage.count))), storage.bytes));
  const system = pickle(dict({ little_endian: bytes([littleEndian ? 0x88 : 0x89]) }));
  return bytes(magic, pickle(int(protocol)), system, objectPickle, keys, ...raw);
}

export const floats = (...values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
