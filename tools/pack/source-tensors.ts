import type { SourceTensor } from './safetensors.ts';

/** A tensor of the source; throws where there is none. */
export type TakeTensor = (name: string) => SourceTensor;

/** A source's tensors, each of which a graph is to use. */
export class SourceTensors {
  readonly #tensors: ReadonlyMap<string, SourceTensor>;
  readonly #taken = new Set<string>();

  constructor(tensors: ReadonlyMap<string, SourceTensor>) {
    this.#tensors = tensors;
  }

  /** @throws Error where it is missing */
  readonly take: TakeTensor = (name) => {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new Error(`the source has no tensor ${name}`);
    this.#taken.add(name);
    return tensor;
  };

  /** @throws Error where one was not taken */
  requireAllTaken(): void {
    const left = [...this.#tensors.keys()].filter((name) => !this.#taken.has(name));
    if (left.length > 0) throw new Error(`the source has tensors that the graph does not use: ${left.join(', ')}`);
  }
}
