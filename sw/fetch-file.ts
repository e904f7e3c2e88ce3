/**
 * One file from our own host, whole and right, or the reason why not. Nothing that the network says is believed:
 * a captive portal answers 200 with its login page, a proxy cuts, a disk flips a bit.
 */

import { AppError } from '../src/shared/app-error.ts';
import type { ErrorCode, ErrorDetails } from '../src/shared/app-error.ts';
import { sha256Hex } from '../src/shared/sha256.ts';
import { noteRequest } from './request-ledger.ts';

/** Waits before the second, third and fourth try: long enough for a dropped connection, short enough to watch. */
const retryDelaysMs = [300, 1_000, 3_000];

/** A connection that brings nothing for so long is dead; on 2G single packets take seconds. */
const stallTimeoutMs = 30_000;

/** Answers that another try may change: request timeout, too early, too many requests, and the server's own faults. */
const passingStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

export interface WantedFile {
  readonly address: string;
  /** As messages name it: its path within the site. */
  readonly name: string;
  /** More are not read: a portal's page or a wrong file may be of any length. */
  readonly maxBytes: number;
  readonly sha256?: string;
}

export interface FetchProgress {
  readonly signal: AbortSignal;
  /** Bytes of this file so far; begins again at 0 with each try. */
  readonly onBytes?: (received: number) => void;
}

/** What another try may mend is told apart from what it cannot. */
class PassingFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message, { cause: error });
    this.error = error;
  }
}

/**
 * @throws AppError `download-failed` {file, status | reason}, `download-not-the-file` {file, reason},
 *   `pack-hash-mismatch` {file}, `cancelled`
 */
export async function fetchFile(wanted: WantedFile, progress: FetchProgress): Promise<ArrayBuffer> {
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      return await tryOnce(wanted, progress);
    } catch (thrown) {
      if (progress.signal.aborted) throw new AppError('cancelled');
      if (!(thrown instanceof PassingFailure)) throw thrown;
      if (delayMs === undefined) throw thrown.error;
      await wait(delayMs, progress.signal);
    }
  }
  throw new AppError('unexpected'); // The last turn of the loop always ends it.
}

async function tryOnce(wanted: WantedFile, { signal, onBytes }: FetchProgress): Promise<ArrayBuffer> {
  // One signal for both ends: `AbortSignal.any` is younger than the oldest browsers we build for.
  const attempt = new AbortController();
  const stop = (): void => attempt.abort();
  signal.addEventListener('abort', stop);
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stop();
    }, stallTimeoutMs);
  };
  alive();
  onBytes?.(0);
  try {
    // no-store: the bytes go into the database, a second copy in the HTTP cache could only be stale or damaged.
    // manual: a redirect leads to a portal's login page, never to the file.
    const noted = noteRequest({ method: 'GET', url: wanted.address });
    const response = await fetch(wanted.address, {
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: attempt.signal,
    });
    await noted;
    checkAnswer(response, wanted);
    const bytes = await readBody(response, wanted, (received) => {
      alive();
      onBytes?.(received);
    });
    if (wanted.sha256 !== undefined && (await sha256Hex(bytes)) !== wanted.sha256) {
      throw passing('pack-hash-mismatch', { file: wanted.name });
    }
    return bytes;
  } catch (thrown) {
    if (thrown instanceof AppError || thrown instanceof PassingFailure || signal.aborted) throw thrown;
    const reason = stalled ? 'stalled' : 'network';
    throw passing('download-failed', { file: wanted.name, reason }, thrown);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function checkAnswer(response: Response, { name }: WantedFile): void {
  if (response.type === 'opaqueredirect')
    throw new AppError('download-not-the-file', { file: name, reason: 'redirect' });
  if (response.status !== 200) {
    const details = { file: name, status: response.status };
    throw passingStatuses.includes(response.status)
      ? passing('download-failed', details)
      : new AppError('download-failed', details);
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (/^text\/html\b/i.test(type)) throw new AppError('download-not-the-file', { file: name, reason: 'html' });
}

async function readBody(
  response: Response,
  { name, maxBytes }: WantedFile,
  onBytes: (received: number) => void,
): Promise<ArrayBuffer> {
  const buffer = new Uint8Array(maxBytes);
  let received = 0;
  const reader = response.body?.getReader();
  if (reader !== undefined) {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (received + chunk.value.length > maxBytes) {
        await reader.cancel();
        throw passing('download-not-the-file', { file: name, reason: 'too-long' });
      }
      buffer.set(chunk.value, received);
      received += chunk.value.length;
      onBytes(received);
    }
  }
  return received === maxBytes ? buffer.buffer : buffer.buffer.slice(0, received);
}

function passing(code: ErrorCode, details: ErrorDetails, cause?: unknown): PassingFailure {
  return new PassingFailure(new AppError(code, details, cause));
}

function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    const stop = (): void => {
      clearTimeout(timer);
      reject(new AppError('cancelled'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
