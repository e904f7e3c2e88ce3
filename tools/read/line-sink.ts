import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { EarlierRun } from './resume.ts';

/** Where result lines go. */
export interface LineSink {
  /** Resolves when the line was handed over; rejects where nobody takes it any more (a closed pipe, a full disk). */
  write(line: string): Promise<void>;
  close(): void;
}

/** Lines to a stream, waiting for slow readers: an archive's results do not pile up in memory. */
export function streamSink(stream: NodeJS.WritableStream): LineSink {
  // Failures reach the writer; without a listener the stream's own event would end the process with a stack.
  stream.on('error', () => undefined);
  return {
    write: (line) =>
      new Promise((resolve, reject) => {
        stream.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => undefined,
  };
}

/** Lines appended to a file, after the rest of a cut line was removed. Each line is one write. */
export function appendSink(path: string, earlier: EarlierRun): LineSink {
  const file = openSync(path, 'a');
  ftruncateSync(file, earlier.wholeBytes);
  return {
    write: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      return Promise.resolve();
    },
    close: () => {
      // Some files cannot be flushed (a pipe); nothing is lost there.
      try {
        fsyncSync(file);
      } catch {
        // See above.
      }
      closeSync(file);
    },
  };
}
