import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTorchFile } from '../../tools/pack/torch/read-torch-file.ts';

/** Complete files of PyTorch (torch/make_fixtures.py): every number format, views, strides, shared storages. */

interface Expected {
  readonly shape: readonly number[];
  /** As Python prints them, because JSON has no infinity. */
  readonly values: readonly string[];
}

const fixture = (name: string): string => fileURLToPath(new URL(`torch/${name}`, import.meta.url));

for (const layout of ['legacy', 'zip'] as const) {
  test(`tensors of every kind are read as PyTorch shows them (${layout})`, async () => {
    const expected = JSON.parse(await readFile(fixture('small.json'), 'utf8')) as Record<string, Expected>;
    const { kind, tensors } = await readTorchFile(fixture(`small-${layout}.pt`));
    assert.equal(kind, `${layout}-state`);
    assert.deepEqual([...tensors.keys()], Object.keys(expected));
    for (const [name, { shape, values }] of Object.entries(expected)) {
      const found = tensors.get(name)!;
      assert.deepEqual(found.shape, shape, name);
      const numbers = values.map((value) =>
        value.endsWith('inf') ? (value === 'inf' ? Infinity : -Infinity) : Number(value),
      );
      assert.deepEqual(found.data, Float32Array.from(numbers), name);
    }
  });
}
