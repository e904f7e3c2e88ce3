import type { PickleValue } from './pickle-value.ts';

/** What either layout of PyTorch's files holds: one object and the numbers that its tensors refer to. */
export interface TorchObject {
  readonly value: PickleValue;
  /** Raw little-endian elements by the storage's key; as many as its references say. */
  readonly storages: ReadonlyMap<string, Uint8Array>;
}
