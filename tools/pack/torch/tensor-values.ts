import { bytesPerElement, toFloat32 } from '../element-types.ts';
import { RefusedFileError } from '../refused-file.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { TensorReference } from './pickle-value.ts';

const maxDimensions = 8;
/** Of all tensors together, 256 MiB as float32: DenseNet-121 has 7 million, DenseNet-201 18. */
const maxValues = 1 << 26;

/**
 * Each tensor as float32 in row-major order, whatever its strides. A stride of 0 may make much out of little, so the values
 * are counted before any is made.
 *
 * @throws RefusedFileError `too-large`, or `malformed` where a tensor lies outside its storage
 */
export function tensorValues(
  references: ReadonlyMap<string, TensorReference>,
  storages: ReadonlyMap<string, Uint8Array>,
): Map<string, SourceTensor> {
  let values = 0;
  for (const [name, reference] of references) {
    values += checkedCount(name, reference);
    if (values > maxValues) {
      throw new RefusedFileError('too-large', `With ${name} the tensors have more than ${maxValues} values.`);
    }
  }
  return new Map(
    Array.from(references, ([name, reference]) => {
      const bytes = storages.get(reference.storage.key) ?? new Uint8Array();
      return [name, { shape: reference.shape, data: readValues(reference, bytes) }];
    }),
  );
}

/** How many values the tensor has; its last one lies within its storage. */
function checkedCount(name: string, { storage, offset, shape, strides }: TensorReference): number {
  if (shape.length > maxDimensions) throw new RefusedFileError('malformed', `${name} has ${shape.length} dimensions.`);
  const count = shape.reduce((product, size) => product * size, 1);
  const last = shape.reduce((place, size, axis) => place + (size - 1) * (strides[axis] ?? 0), offset);
  if (count > 0 && last >= storage.viewCount) {
    throw new RefusedFileError('malformed', `${name} reaches beyond the ${storage.viewCount} values of its storage.`);
  }
  return count;
}

function readValues({ storage, offset, shape, strides }: TensorReference, bytes: Uint8Array): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count === 0) return new Float32Array();
  const size = bytesPerElement[storage.elements];
  const extent = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), 1);
  const start = (storage.viewStart + offset) * size;
  const stored = toFloat32(bytes.subarray(start, start + extent * size), storage.elements);
  if (isRowMajor(shape, strides)) return stored;

  const values = new Float32Array(count);
  const index = shape.map(() => 0);
  let place = 0;
  for (let position = 0; position < count; position += 1) {
    values[position] = stored[place] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const next = (index[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        place += stride;
        break;
      }
      index[axis] = 0;
      place -= (next - 1) * stride;
    }
  }
  return values;
}

/** The stride of an axis of length 1 is never used, so it may be anything. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = shape[axis] ?? 0;
    if (size > 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}
