import { AppError } from '../../shared/app-error.ts';

/** Exact pieces of a stream whose chunks come as they like; never holds more than one chunk and one piece. */
export class ChunkReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #onBytes: (received: number) => void;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  #received = 0;

  /** @param onBytes hears how many bytes the stream has brought so far */
  constructor(stream: ReadableStream<Uint8Array>, onBytes: (received: number) => void) {
    this.#reader = stream.getReader();
    this.#onBytes = onBytes;
  }

  /**
   * The next `length` bytes, in memory of their own; fewer where the stream ends before. `length` is what the caller
   * has found to be bounded.
   *
   * @throws AppError `file-unreadable` where the stream fails
   */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const piece = new Uint8Array(length);
    let filled = 0;
    while (filled < length && (await this.#fill())) {
      const part = this.#chunk.subarray(this.#at, this.#at + length - filled);
      piece.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return filled === length ? piece : piece.slice(0, filled);
  }

  /** Nobody wants the rest. */
  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  /** False at the end of the stream. */
  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const { done, value } = await this.#next();
      if (done) return false;
      this.#chunk = value;
      this.#at = 0;
      this.#received += value.length;
      this.#onBytes(this.#received);
    }
    return true;
  }

  async #next(): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      return await this.#reader.read();
    } catch (thrown) {
      // The card was pulled out, or the file changed since it was chosen.
      throw AppError.from(thrown, 'file-unreadable');
    }
  }
}
