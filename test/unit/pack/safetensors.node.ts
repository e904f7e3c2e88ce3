import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSafetensors } from '../../../tools/pack/safetensors.ts';
import { refusal } from '../../support/refusal.ts';

function file(header: unknown, data: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

const entry = (dtype: string, shape: readonly unknown[], begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const rawBytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

test('every number format becomes float32', () => {
  const parts: [name: string, dtype: string, data: Uint8Array, values: number[]][] = [
    ['a', 'F64', rawBytes(Float64Array.of(1 / 3, 1e39)), [Math.fround(1 / 3), Infinity]],
    ['b', 'F32', rawBytes(Float32Array.of(0.5, -2)), [0.5, -2]],
    ['c', 'F16', rawBytes(Uint16Array.of(0x3c00, 0xfbff, 0x0001)), [1, -65504, 2 ** -24]],
    ['d', 'BF16', rawBytes(Uint16Array.of(0x3f80, 0xc040)), [1, -3]],
    ['e', 'I64', rawBytes(BigInt64Array.of(-5n, 2n ** 40n)), [-5, 2 ** 40]],
    ['f', 'I32', rawBytes(Int32Array.of(-(2 ** 31))), [-(2 ** 31)]],
    ['g', 'I16', rawBytes(Int16Array.of(-300)), [-300]],
    ['h', 'I8', rawBytes(Int8Array.of(-128)), [-128]],
    ['i', 'U8', rawBytes(Uint8Array.of(255)), [255]],
    ['j', 'BOOL', rawBytes(Uint8Array.of(1, 0, 2)), [1, 0, 1]],
  ];
  let place = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, dtype, data, values] of parts) {
    header[name] = entry(dtype, [values.length], place, (place += data.length));
  }
  const tensors = parseSafetensors(file(header, Buffer.concat(parts.map(([, , data]) => data))));
  assert.deepEqual(
    [...tensors],
    parts.map(([name, , , values]) => [name, { shape: [values.length], data: Float32Array.from(values) }]),
  );
});

test('a scalar, an empty tensor and a name out of order are read', () => {
  const header = { z: entry('F32', [], 0, 4), a: entry('F32', [0, 3], 4, 4), m: entry('F32', [1], 4, 8) };
  const tensors = parseSafetensors(file(header, rawBytes(Float32Array.of(7, 8))));
  assert.deepEqual(tensors.get('z'), { shape: [], data: Float32Array.of(7) });
  assert.deepEqual(tensors.get('a'), { shape: [0, 3], data: Float32Array.of() });
  assert.deepEqual(tensors.get('m'), { shape: [1], data: Float32Array.of(8) });
});

test('what does not fit is refused with the reason and the name', () => {
  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  const cases: [header: unknown, data: Uint8Array, reason: Parameters<typeof refusal>[0], sentence: string][] = [
    [{ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) }, eight, 'malformed', 'b overlaps'],
    [{ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 0, 4) }, four, 'malformed', 'b overlaps'],
    [{ a: entry('F32', [1], 4, 8) }, eight, 'malformed', 'hole before a'],
    [{ a: entry('F32', [1], 0, 4) }, eight, 'malformed', '4 bytes belong to no tensor'],
    [{ a: entry('F32', [2], 0, 8) }, four, 'truncated', '8 bytes'],
    [{ a: entry('F32', [2], 0, 4) }, four, 'malformed', 'bytes of a'],
    [{ a: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }, four, 'malformed', 'bytes of a'],
    [{ a: entry('F32', [-1], 0, 4) }, four, 'malformed', 'a has no proper shape'],
    [{ a: entry('F32', [0.5], 0, 2) }, four, 'malformed', 'a has no proper shape'],
    [{ a: entry('F32', [1, 1, 1, 1, 1, 1, 1, 1, 1], 0, 4) }, four, 'malformed', 'a has no proper shape'],
    [{ a: entry('F32', [1], '0', 4) }, four, 'malformed', 'a has no proper place'],
    [{ a: entry('F32', [1], 4, 0) }, four, 'malformed', 'bytes of a'],
    [{ a: entry('C64', [1], 0, 8) }, eight, 'unsupported', 'a holds numbers'],
    [{ a: 3 }, four, 'malformed', 'a is not described'],
    ['{"a":', four, 'malformed', 'not JSON'],
    ['[]', four, 'malformed', 'begin with {'],
    [`{"a":${'['.repeat(10_000)}`, four, 'malformed', 'not JSON'],
  ];
  for (const [header, data, reason, sentence] of cases) {
    assert.throws(() => parseSafetensors(file(header, data)), refusal(reason, sentence));
  }
});

test('of two tensors of one name the hole that the first leaves is seen', () => {
  const one = JSON.stringify(entry('F32', [1], 0, 4));
  const two = JSON.stringify(entry('F32', [1], 4, 8));
  assert.throws(
    () => parseSafetensors(file(`{"a":${one},"a":${two}}`, new Uint8Array(8))),
    refusal('malformed', 'hole'),
  );
});

test('a length that the file does not have is refused before anything is made of it', () => {
  const claims: [length: bigint, reason: 'truncated' | 'too-large'][] = [
    [100n, 'truncated'],
    [2n ** 31n - 1n, 'too-large'],
    [2n ** 63n, 'too-large'],
    [2n ** 64n - 1n, 'too-large'],
  ];
  for (const [length, reason] of claims) {
    const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from('{}')]);
    bytes.writeBigUInt64LE(length);
    assert.throws(() => parseSafetensors(bytes), refusal(reason, `${length}`));
  }
});

test('cut at every 1/32 it is refused as cut off', () => {
  const whole = file({ a: entry('F32', [64], 0, 256) }, new Uint8Array(256));
  assert.equal(parseSafetensors(whole).size, 1);
  for (let part = 0; part < 32; part += 1) {
    const cut = whole.subarray(0, Math.floor((whole.length * part) / 32));
    assert.throws(() => parseSafetensors(cut), refusal('truncated'), `${part}/32`);
  }
});
