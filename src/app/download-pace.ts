/** How long a download still takes, from how it went lately. */
export interface DownloadPace {
  /** Tells that `receivedBytes` of `totalBytes` are there at `nowMs`; seconds left, once that can be said. */
  update(receivedBytes: number, totalBytes: number, nowMs: number): number | undefined;
}

/** Only the last seconds count: mobile links change their speed. */
const windowMs = 10_000;
/** Before that any figure would jump. */
const leastMs = 1_000;
const msPerSecond = 1000;

export function createDownloadPace(): DownloadPace {
  let samples: { readonly atMs: number; readonly bytes: number }[] = [];

  return {
    update(receivedBytes, totalBytes, nowMs) {
      const last = samples.at(-1);
      // Less than before: it began anew.
      if (last !== undefined && receivedBytes < last.bytes) samples = [];
      samples.push({ atMs: nowMs, bytes: receivedBytes });
      samples = samples.filter((sample) => nowMs - sample.atMs <= windowMs);
      const first = samples[0];
      if (first === undefined) return undefined;
      const elapsedMs = nowMs - first.atMs;
      const bytes = receivedBytes - first.bytes;
      if (elapsedMs < leastMs || bytes <= 0) return undefined;
      return Math.ceil(((totalBytes - receivedBytes) * elapsedMs) / bytes / msPerSecond);
    },
  };
}
