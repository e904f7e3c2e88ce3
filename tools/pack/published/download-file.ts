/**
 * Downloads one file so that a broken connection costs only what was on its way: bytes are kept in `FILE.part`, the next
 * attempt asks for the rest (RFC 9110, 14.2), and the file gets its name when it is whole and right.
 */

import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DownloadError } from './download-error.ts';
import { gitBlobIdOfFile } from './git-blob-id.ts';

export interface FileDownload {
  readonly url: string;
  /** Path of the finished file; its folder exists. */
  readonly target: string;
  /** Absent where it is not known: then the file is loaded in one go. */
  readonly bytes?: number;
  /** Absent: any content. */
  readonly gitBlobId?: string;
  /**
   * Called with how many bytes of the file there are now: before each attempt, then piece by piece; they may become
   * fewer when a download starts anew.
   */
  readonly onBytes?: (bytes: number) => void;
  readonly patience?: Patience;
}

export interface Patience {
  /** Attempts in a row that bring no byte before the download is given up. */
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly firstPauseMs: number;
  /** A connection that brings nothing for so long is taken for dead. */
  readonly silenceMs: number;
}

const patientByDefault: Patience = { attempts: 5, firstPauseMs: 500, silenceMs: 30_000 };

const status = {
  ok: 200,
  partial: 206,
  timeout: 408,
  rangeNotSatisfiable: 416,
  tooMany: 429,
  serverError: 500,
} as const;

/** How an attempt ended. `anew`: the server wants no range. `broken`: go on with what is there. */
type Attempt = 'done' | 'anew' | { readonly broken: unknown; readonly wrote: boolean };

/** @throws DownloadError */
export async function downloadFile(job: FileDownload): Promise<void> {
  const { attempts, firstPauseMs } = job.patience ?? patientByDefault;
  const part = `${job.target}.part`;
  let fruitless = 0;
  let mismatches = 0;
  // While this holds the part is not trusted; it is overwritten by the first bytes that come, and not sooner: what answers
  // may be a login page.
  let anew = false;
  for (;;) {
    const start = anew ? 0 : await startOf(job, part);
    job.onBytes?.(start);
    const attempt: Attempt = start === job.bytes ? 'done' : await attemptRest(job, part, start);
    if (attempt === 'done') {
      if (await isAsPublished(job, part)) return rename(part, job.target);
      await rm(part);
      mismatches += 1;
      // A bit flipped on the way is seen once; what comes twice is what the place has.
      if (mismatches > 1) throw new DownloadError('not-as-published', nameOf(job), 'its content has another digest');
      anew = false;
    } else if (attempt === 'anew') {
      if (start === 0)
        throw new DownloadError('not-there', nameOf(job), 'the server refuses to send it from any place');
      anew = true;
    } else {
      if (attempt.wrote) anew = false;
      fruitless = attempt.wrote ? 0 : fruitless + 1;
      if (fruitless >= attempts) {
        const why = attempt.broken instanceof Error ? attempt.broken.message : String(attempt.broken);
        throw new DownloadError('unreachable', nameOf(job), `nothing came ${attempts} times (${why})`, attempt.broken);
      }
      await wait(firstPauseMs * 2 ** Math.max(0, fruitless - 1));
    }
  }
}

/** Bytes to go on from; a part that cannot belong to the file is removed. */
async function startOf({ bytes }: FileDownload, part: string): Promise<number> {
  const there = await sizeOf(part);
  if (bytes !== undefined && there <= bytes) return there;
  await rm(part, { force: true });
  return 0;
}

/** @throws DownloadError where another attempt would bring nothing else */
async function attemptRest(job: FileDownload, part: string, start: number): Promise<Attempt> {
  const silence = new AbortController();
  const { silenceMs } = job.patience ?? patientByDefault;
  const clock = setTimeout(() => silence.abort(new Error(`silent for ${silenceMs / 1000} s`)), silenceMs);
  try {
    const response = await fetch(job.url, {
      // Ranges count the bytes of what is sent: it must not be compressed on the way.
      headers: { 'Accept-Encoding': 'identity', ...(start > 0 ? { Range: `bytes=${start}-` } : {}) },
      signal: silence.signal,
    });
    const verdict = judge(job, response, start);
    if (verdict !== 'go') return verdict;
    const from = response.status === status.partial ? start : 0;
    return await receive(job, part, response, from, () => clock.refresh());
  } catch (thrown) {
    if (thrown instanceof DownloadError) throw thrown;
    return { broken: rootOf(thrown), wrote: false };
  } finally {
    clearTimeout(clock);
    // Lets go of an answer whose body nobody wants.
    silence.abort();
  }
}

/** Everything that the head of an answer tells. */
function judge(job: FileDownload, response: Response, start: number): Attempt | 'go' {
  const code = response.status;
  if (code === status.rangeNotSatisfiable) return 'anew';
  if (code >= status.serverError || code === status.tooMany || code === status.timeout) {
    return { broken: new Error(`the server answered ${code}`), wrote: false };
  }
  if (code !== status.ok && code !== status.partial) {
    throw new DownloadError('not-there', nameOf(job), `the server answered ${code}`);
  }
  if (/\bhtml\b/i.test(response.headers.get('Content-Type') ?? '')) throw loginPage(job);
  if (code === status.partial) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
    if (Number(first) !== start) return 'anew';
    if (total !== '*') requireLength(job, Number(total));
  }
  return 'go';
}

function requireLength(job: FileDownload, found: number): void {
  if (job.bytes === undefined || found === job.bytes) return;
  throw new DownloadError('wrong-length', nameOf(job), `it has ${found} bytes in place of ${job.bytes}`);
}

/** Appends the body to the part, or starts it anew where `from` is 0: but not for a web page, which would cost what is there. */
async function receive(
  job: FileDownload,
  part: string,
  response: Response,
  from: number,
  heard: () => void,
): Promise<Attempt> {
  const announced = Number(response.headers.get('Content-Length') ?? NaN);
  let file: FileHandle | undefined;
  let bytes = from;
  try {
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      heard();
      if (bytes === 0) {
        if (looksLikeWebPage(piece)) throw loginPage(job);
        if (!Number.isNaN(announced)) requireLength(job, announced);
      }
      bytes += piece.byteLength;
      if (bytes > (job.bytes ?? Infinity)) requireLength(job, bytes);
      file ??= await writing(job, open(part, from > 0 ? 'a' : 'w'));
      await writing(job, file.appendFile(piece));
      job.onBytes?.(bytes);
    }
  } catch (thrown) {
    if (thrown instanceof DownloadError) throw thrown;
    return { broken: rootOf(thrown), wrote: file !== undefined };
  } finally {
    await file?.close();
  }
  const whole = job.bytes ?? (Number.isNaN(announced) ? bytes : from + announced);
  if (bytes === whole && bytes > 0) return 'done';
  return { broken: new Error(`${bytes} of ${whole} bytes came`), wrote: file !== undefined };
}

/** A full disk is not a broken connection. */
async function writing<T>(job: FileDownload, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new DownloadError('not-writable', nameOf(job), `it could not be written (${String(cause)})`, cause);
  });
}

/** Some login pages come as `application/octet-stream`; neither JSON nor weights start so. */
function looksLikeWebPage(start: Uint8Array): boolean {
  const longestStart = 64;
  return /^\s*<(!doctype|html|head)/i.test(Buffer.from(start.subarray(0, longestStart)).toString('latin1'));
}

function loginPage(job: FileDownload): DownloadError {
  return new DownloadError('login-page', nameOf(job), 'a web page came in its place');
}

async function isAsPublished({ gitBlobId }: FileDownload, part: string): Promise<boolean> {
  return gitBlobId === undefined || (await gitBlobIdOfFile(part)) === gitBlobId;
}

/** 0 where there is no file. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** `fetch failed` says nothing; its cause does. */
function rootOf(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
}

function nameOf({ target }: FileDownload): string {
  return basename(target);
}
