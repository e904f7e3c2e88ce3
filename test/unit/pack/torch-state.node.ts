import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zipSync } from 'fflate';
import { parseTorchFile, readTorchFile } from '../../../tools/pack/torch/read-torch-file.ts';
import * as write from '../../support/pickle-writer.ts';

/** What PyTorch's many releases and people's scripts put around a network: the names stay those of `state_dict()`. */

const storages = ['0', '1', '2'].map((key, index) => ({
  key,
  count: 2,
  bytes: write.floats(index + 0.25, index + 0.5),
}));
const numbered = (key: string, parts: Partial<write.TensorParts> = {}): Buffer =>
  write.tensor({ key, count: 2, shape: [2], strides: [1], ...parts });
const parameter = (tensor: Buffer): Buffer =>
  write.bytes(
    write.global('torch._utils', '_rebuild_parameter'),
    write.mark,
    tensor,
    [0x88],
    write.global('collections', 'OrderedDict'),
    write.emptyTuple,
    write.reduce,
    write.tuple,
    write.reduce,
  );
const nan = write.bytes(Buffer.from('G'), Buffer.from('7ff8000000000000', 'hex'));
const half = write.bytes(Buffer.from('G'), Buffer.from('3fe0000000000000', 'hex'));

describe('a network saved by PyTorch', { concurrency: 1 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-state-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function read(object: Buffer, used = storages) {
    const path = join(folder, 'network.pt');
    await writeFile(path, write.legacyFile(write.pickle(object), used));
    return readTorchFile(path);
  }
  const valuesOf = ({ tensors }: Awaited<ReturnType<typeof read>>): Record<string, number[]> =>
    Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, [...data]]));

  test('whole: parameters, buffers and modules within, without buffers that are not saved', async () => {
    const unsaved = write.bytes(
      write.global('__builtin__', 'set'),
      write.list(write.text('scratch')),
      write.tuple1,
      write.reduce,
    );
    const backend = write.bytes(
      write.global('torch.nn.backends.thnn', '_get_thnn_function_backend'),
      write.emptyTuple,
      write.reduce,
    );
    const inner = write.torchModule({
      parameters: { weight: parameter(numbered('0')), bias: write.none },
      buffers: { running_mean: numbered('1'), scratch: numbered('2') },
      attributes: { _non_persistent_buffers_set: unsaved, _backend: backend },
    });
    const file = await read(write.torchModule({ modules: { norm0: inner, nothing: write.none } }));
    assert.equal(file.kind, 'legacy-module');
    assert.equal(file.className, 'torchxrayvision.models.DenseNet');
    assert.deepEqual(valuesOf(file), { 'norm0.weight': [0.25, 0.5], 'norm0.running_mean': [1.25, 1.5] });
  });

  test('whole, with the source text of its class, which is dropped', async () => {
    const named = [write.text('module'), write.global('torchxrayvision.models', 'DenseNet')];
    const type = [write.mark, ...named, write.text('models.py'), write.text('class DenseNet: ...'), write.tuple];
    const state = write.dict({ _parameters: write.dict({ w: numbered('0') }), _buffers: write.dict({}) });
    const object = write.bytes(...type, write.persistentId, write.emptyTuple, write.newObject, state, write.build);
    const file = await read(object, storages.slice(0, 1));
    assert.equal(file.className, 'torchxrayvision.models.DenseNet');
    assert.deepEqual(valuesOf(file), { w: [0.25, 0.5] });
  });

  test('whole: labels and thresholds are told, as attributes or as a buffer', async () => {
    const labels = write.list(write.text('Atelectasis'), write.text(''));
    const parameters = { w: numbered('0') };
    const asList = write.torchModule({
      parameters,
      attributes: { pathologies: labels, op_threshs: write.list(half, nan) },
    });
    const first = await read(asList, storages.slice(0, 1));
    assert.deepEqual(
      [first.labels, first.thresholds],
      [
        ['Atelectasis', ''],
        [0.5, NaN],
      ],
    );

    const asBuffer = write.torchModule({
      parameters,
      buffers: { op_threshs: numbered('1') },
      attributes: { targets: labels },
    });
    const second = await read(asBuffer, storages.slice(0, 2));
    assert.deepEqual(
      [second.labels, second.thresholds],
      [
        ['Atelectasis', ''],
        [1.25, 1.5],
      ],
    );
    assert.deepEqual(valuesOf(second), { w: [0.25, 0.5] });

    // None, as while it is trained, and a list of something else.
    const without = write.torchModule({
      parameters,
      attributes: { pathologies: write.list(write.none), op_threshs: write.none },
    });
    const third = await read(without, storages.slice(0, 1));
    assert.deepEqual([third.labels, third.thresholds], [undefined, undefined]);
  });

  test('whole, in the zip layout', () => {
    const network = write.torchModule({ parameters: { w: parameter(numbered('0')) } });
    const entries = {
      'a/data.pkl': write.pickle(network),
      'a/data/0': storages[0]!.bytes,
      'a/byteorder': Buffer.from('little'),
    };
    const file = parseTorchFile(zipSync(entries, { level: 0 }));
    assert.deepEqual([file.kind, file.className], ['zip-module', 'torchxrayvision.models.DenseNet']);
    assert.deepEqual(file.tensors.get('w')?.data, Float32Array.of(0.25, 0.5));
  });

  test('as state_dict, wrapped as training scripts and DataParallel do', async () => {
    const plain = { 'a.weight': [0.25, 0.5], 'a.bias': [1.25, 1.5] };
    const tensors = { 'a.weight': numbered('0'), 'a.bias': numbered('1') };
    const prefixed = (prefix: string): Buffer =>
      write.dict(Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor])));
    for (const object of [
      write.dict(tensors),
      write.dict({ epoch: write.int(3), state_dict: write.dict(tensors) }),
      write.dict({ model_state_dict: prefixed('module.'), optimizer: write.dict({}) }),
      write.dict({ model: write.dict({ state_dict: prefixed('model.module.') }) }),
      // PyTorch adds versions of its modules to the dictionary as an attribute.
      write.bytes(write.dict(tensors), write.dict({ _metadata: write.dict({}) }), write.build),
    ]) {
      const file = await read(object, storages.slice(0, 2));
      assert.equal(file.kind, 'legacy-state');
      assert.deepEqual(valuesOf(file), plain);
    }
    // A prefix that not every name has is part of the names.
    const mixed = await read(write.dict({ 'module.a': numbered('0'), b: numbered('1') }), storages.slice(0, 2));
    assert.deepEqual([...mixed.tensors.keys()], ['module.a', 'b']);
  });

  test('by Python 2, whose OrderedDict is made of pairs', async () => {
    const pair = write.list(write.text('w'), numbered('0'));
    const object = write.bytes(
      write.global('collections', 'OrderedDict'),
      write.list(pair),
      write.tuple1,
      write.reduce,
    );
    assert.deepEqual(valuesOf(await read(object, storages.slice(0, 1))), { w: [0.25, 0.5] });
  });

  test('before 0.4, with views of storages', async () => {
    const view = numbered('0', { shape: [1], view: ['v', 1, 1] });
    assert.deepEqual(valuesOf(await read(write.dict({ w: view }), storages.slice(0, 1))), { w: [0.5] });
  });
});
