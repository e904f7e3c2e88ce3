/** A download on standard error: a bar rewritten in place on a terminal, a line every ten seconds elsewhere. */

import type { DownloadProgress } from './obtain-published.ts';

const terminalIntervalMs = 100;
const logIntervalMs = 10_000;
const barCells = 24;
const secondsPerMinute = 60;
const bytesPerMegabyte = 1e6;

export interface DownloadBar {
  show(progress: DownloadProgress): void;
  finish(): void;
}

export function createDownloadBar(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr,
  now: () => number = () => performance.now(),
): DownloadBar {
  const interval = stream.isTTY ? terminalIntervalMs : logIntervalMs;
  let shownAt = -Infinity;
  let last: DownloadProgress | undefined;
  const write = (progress: DownloadProgress): void => {
    shownAt = now();
    stream.write(stream.isTTY ? `\r\x1b[K${bar(progress)} ${describe(progress)}` : `${describe(progress)}\n`);
  };
  return {
    show: (progress) => {
      last = progress;
      if (now() - shownAt >= interval) write(progress);
    },
    finish: () => {
      if (last === undefined) return;
      write(last);
      if (stream.isTTY) stream.write('\n');
    },
  };
}

function bar({ bytes, totalBytes }: DownloadProgress): string {
  const filled = Math.floor((bytes / totalBytes) * barCells);
  return `[${'#'.repeat(filled)}${'.'.repeat(barCells - filled)}]`;
}

function describe({ file, bytes, totalBytes, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const done = `${megabytes(bytes)} of ${megabytes(totalBytes)} MB`;
  const pace = bytesPerSecond > 0 ? `, ${megabytes(bytesPerSecond)} MB/s` : '';
  const left = secondsLeft === undefined || bytes >= totalBytes ? '' : `, ${duration(secondsLeft)} left`;
  return `${done}${pace}${left} (${file})`;
}

function megabytes(bytes: number): string {
  return (bytes / bytesPerMegabyte).toFixed(1);
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < secondsPerMinute
    ? `${whole} s`
    : `${Math.floor(whole / secondsPerMinute)} min ${whole % secondsPerMinute} s`;
}
