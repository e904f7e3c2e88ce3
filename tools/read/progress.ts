/** Progress on standard error: rewritten in place on a terminal, a line every ten seconds elsewhere (logs of a cluster). */
export interface Progress {
  /** One more file is done. `photograph`: it was read as a digital original and seems to be none. */
  step(outcome: { readonly failed: boolean; readonly photograph?: boolean }): void;
  finish(): void;
}

const millisecondsPerSecond = 1000;
const terminalIntervalMs = 200;
const logIntervalMs = 10_000;

export function createProgress(total: number, skipped: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  const start = performance.now();
  let shownAt = start;
  let done = 0;
  let failures = 0;
  let photographs = 0;

  const text = (): string => {
    const seconds = (performance.now() - start) / millisecondsPerSecond;
    const rate = done / Math.max(seconds, 1 / millisecondsPerSecond);
    const left = done === 0 ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
    const before = skipped > 0 ? `, ${skipped} had a line already` : '';
    return `${done} of ${total} files, ${failures} failed${before}, ${rate.toFixed(1)} a second${done < total ? left : ''}`;
  };
  const show = (): void => {
    shownAt = performance.now();
    stream.write(stream.isTTY ? `\r\x1b[K${text()}` : `${text()}\n`);
  };

  return {
    step: ({ failed, photograph = false }) => {
      done += 1;
      if (failed) failures += 1;
      if (photograph) photographs += 1;
      if (performance.now() - shownAt >= (stream.isTTY ? terminalIntervalMs : logIntervalMs)) show();
    },
    finish: () => {
      show();
      if (stream.isTTY) stream.write('\n');
      if (photographs > 0) {
        stream.write(`${photographs} of them by their colours photographs of films or monitors: --photo reads those\n`);
      }
    },
  };
}
