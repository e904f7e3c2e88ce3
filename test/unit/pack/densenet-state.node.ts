import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceTensor } from '../../../tools/pack/safetensors.ts';
import { densenetFromState } from '../../../tools/pack/torch/densenet-state.ts';
import { readDensenetFixture, seeded } from '../../golden/torch/seeded-densenet.ts';
import { refusal } from '../../support/refusal.ts';

const { tensors: named } = await readDensenetFixture();

/** Small numbers that tell one place from another; variances are positive. */
function state(): Map<string, SourceTensor> {
  return new Map(
    named.map(([name, shape], seed) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [name, { shape, data: Float32Array.from(seeded(seed, count), (value) => 1 + value / 2) }];
    }),
  );
}

test('norms are folded in double precision and convolutions turned to HWIO', () => {
  const tensors = state();
  const { norm0, conv0, blocks, transitions, classifier } = densenetFromState(tensors);
  const at = (name: string, index: number): number => tensors.get(name)!.data[index]!;

  norm0.scale.forEach((folded, channel) => {
    const scale = at('features.norm0.weight', channel) / Math.sqrt(at('features.norm0.running_var', channel) + 1e-5);
    const shift = at('features.norm0.bias', channel) - at('features.norm0.running_mean', channel) * scale;
    assert.deepEqual([folded, norm0.shift[channel]], [Math.fround(scale), Math.fround(shift)]);
  });

  assert.deepEqual(conv0.shape, [7, 7, 1, 64]);
  // Row 2, column 3, input 0, output 9.
  assert.equal(conv0.data[(2 * 7 + 3) * 64 + 9], at('features.conv0.weight', (9 * 7 + 2) * 7 + 3));

  assert.deepEqual(
    blocks.map(({ length }) => length),
    [6, 12, 24, 16],
  );
  const { conv1, conv2 } = blocks[1]![11]!;
  assert.deepEqual(
    [conv1.shape, conv2.shape],
    [
      [1, 1, 480, 128],
      [3, 3, 128, 32],
    ],
  );
  const name = 'features.denseblock2.denselayer12.conv2.weight';
  assert.equal(conv2.data[((1 * 3 + 2) * 128 + 100) * 32 + 30], at(name, ((30 * 128 + 100) * 3 + 1) * 3 + 2));

  assert.deepEqual(
    transitions.map(({ conv }) => conv.shape),
    [
      [1, 1, 256, 128],
      [1, 1, 512, 256],
      [1, 1, 1024, 512],
    ],
  );
  assert.deepEqual(classifier.weight.shape, [1024, 18]);
  assert.equal(classifier.weight.data[1000 * 18 + 17], at('classifier.weight', 17 * 1024 + 1000));
  assert.equal(classifier.bias[17], at('classifier.bias', 17));
});

test("torchvision's older names are the same network", () => {
  const older = new Map(
    Array.from(state(), ([name, tensor]) => [name.replace(/\.(norm|conv)([12])\./, '.$1.$2.'), tensor]),
  );
  assert.ok(older.has('features.denseblock1.denselayer1.norm.1.weight'));
  assert.deepEqual(densenetFromState(older), densenetFromState(state()));
});

test('any number of outputs, with or without counts of batches', () => {
  const tensors = state();
  for (const name of tensors.keys()) if (name.endsWith('num_batches_tracked')) tensors.delete(name);
  tensors.set('classifier.weight', { shape: [2, 1024], data: new Float32Array(2048) });
  tensors.set('classifier.bias', { shape: [2], data: new Float32Array(2) });
  assert.deepEqual(densenetFromState(tensors).classifier.weight.shape, [1024, 2]);
});

test('what is not a DenseNet-121 is refused by its first tensor that is missing, misshaped or too many', () => {
  const refuse = (
    change: (tensors: Map<string, SourceTensor>) => void,
    reason: Parameters<typeof refusal>[0],
    sentence: string,
  ): void => {
    const tensors = state();
    change(tensors);
    assert.throws(() => densenetFromState(tensors), refusal(reason, sentence));
  };
  const replace =
    (name: string, shape: readonly number[], fill = 1) =>
    (tensors: Map<string, SourceTensor>) => {
      const count = shape.reduce((product, size) => product * size, 1);
      tensors.set(name, { shape, data: new Float32Array(count).fill(fill) });
    };
  const last = 'features.denseblock4.denselayer16.conv2.weight';
  refuse((tensors) => tensors.clear(), 'tensor-missing', 'features.conv0.weight');
  refuse((tensors) => tensors.delete(last), 'tensor-missing', last);
  refuse((tensors) => tensors.delete('classifier.bias'), 'tensor-missing', 'classifier.bias');
  refuse(replace('features.conv0.weight', [64, 3, 7, 7]), 'tensor-shape', '64 × 3 × 7 × 7 instead of 64 × 1 × 7 × 7');
  refuse(replace('features.norm5.bias', [1]), 'tensor-shape', 'features.norm5.bias');
  refuse(replace('features.norm5.bias', []), 'tensor-shape', 'a single value');
  refuse(replace('classifier.weight', [1024, 18]), 'tensor-shape', 'classifier.weight');
  // DenseNet-169 has more layers in its third block.
  refuse(replace('features.denseblock3.denselayer25.norm1.weight', [1024]), 'tensor-surplus', 'denselayer25.norm1');
  refuse(replace('features.norm0.running_var', [64], -1), 'tensor-values', 'features.norm0.running_var');
  refuse(replace('features.norm0.weight', [64], NaN), 'tensor-values', 'features.norm0.weight');
  refuse(replace(last, [32, 128, 3, 3], Infinity), 'tensor-values', last);
});
