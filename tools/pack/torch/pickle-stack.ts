import { RefusedFileError } from '../refused-file.ts';
import type { PickleValue } from './pickle-value.ts';

/** A pickle's stack with its marks. Nothing is taken from below the last mark, and nothing that is not there. */
export class PickleStack {
  readonly #values: PickleValue[] = [];
  /** Heights at which a MARK lies. */
  readonly #marks: number[] = [];

  get marks(): number {
    return this.#marks.length;
  }

  push(value: PickleValue): void {
    this.#values.push(value);
  }

  mark(): void {
    this.#marks.push(this.#values.length);
  }

  top(): PickleValue {
    const value = this.#values.at(-1);
    if (value === undefined || this.#aboveMark() < 1) throw stackIsEmpty();
    return value;
  }

  pop(): PickleValue {
    const value = this.top();
    this.#values.pop();
    return value;
  }

  /** The topmost `count` (1 or more), the lowest first. */
  popMany(count: number): PickleValue[] {
    if (this.#aboveMark() < count) throw stackIsEmpty();
    return this.#values.splice(-count);
  }

  /** All above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw stackIsEmpty();
    return this.#values.splice(height);
  }

  /** POP takes a mark where one lies on top. */
  popOrUnmark(): void {
    if (this.#marks.length > 0 && this.#aboveMark() === 0) this.#marks.pop();
    else this.pop();
  }

  /** @throws RefusedFileError `malformed` unless it is the only value and no mark is left */
  only(): PickleValue {
    const [value] = this.#values;
    if (value === undefined || this.#values.length > 1 || this.#marks.length > 0) {
      throw new RefusedFileError('malformed', 'The pickle stops in the middle of a value.');
    }
    return value;
  }

  #aboveMark(): number {
    return this.#values.length - (this.#marks.at(-1) ?? 0);
  }
}

function stackIsEmpty(): RefusedFileError {
  return new RefusedFileError('malformed', 'The pickle takes more from its stack than it put there.');
}
