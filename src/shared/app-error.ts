/**
 * The one error type of the app. A code says what happened, `details` say it in values;
 * the sentence for people is in `src/ui/error-text.ts` and, with its cause, in `docs/errors.md`.
 */

export const errorCodes = [
  // Files
  'file-empty',
  'file-too-large',
  'file-unreadable',
  'file-is-folder',
  'format-unknown',
  'format-unsupported',
  'format-heic',
  'format-is-text',
  'format-is-svg',
  'format-is-archive',
  'image-too-large',
  'image-truncated',
  'image-corrupt',
  'image-cmyk',
  'dicom-no-image',
  'dicom-no-frame',
  'dicom-unsupported',
  'dicom-too-complex',
  'needs-browser',
  'decode-timeout',
  'decode-out-of-memory',
  'decode-crashed',
  // Device and engine
  'engine-start-failed',
  'engine-timeout',
  'engine-out-of-memory',
  'engine-crashed',
  'known-answer-mismatch',
  'wrong-output',
  'gradient-unavailable',
  // Packs
  'pack-missing',
  'pack-invalid',
  'pack-version-unknown',
  'pack-hash-mismatch',
  'pack-damaged',
  'pack-file-invalid',
  'pack-name-reserved',
  'pack-same-version',
  'pack-in-use',
  'pack-replaced',
  'catalog-invalid',
  'download-failed',
  'download-not-the-file',
  // Storage and service worker
  'storage-unavailable',
  'storage-full',
  'storage-failed',
  'storage-newer-version',
  'service-worker-failed',
  'service-worker-silent',
  // Other
  'camera-interrupted',
  'camera-refused',
  'camera-absent',
  'camera-busy',
  'camera-lost',
  'camera-black',
  'cancelled',
  'wrong-usage',
  'unexpected',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** `AppError` as plain data, for a thread hop. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Message and stack of what caused it; for developers, never shown first. */
  readonly cause?: string;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(describe(code, details), cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  toPlain(): PlainError {
    const cause = this.cause === undefined ? undefined : describeCause(this.cause);
    return { code: this.code, details: this.details, ...(cause === undefined ? {} : { cause }) };
  }

  static fromPlain(plain: PlainError): AppError {
    return new AppError(plain.code, plain.details, plain.cause);
  }

  /** Any thrown value as an `AppError`; what is not one yet becomes `fallback`. */
  static from(thrown: unknown, fallback: ErrorCode = 'unexpected', details: ErrorDetails = {}): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return new AppError('cancelled', {}, thrown);
    return new AppError(fallback, details, thrown);
  }
}

function describe(code: ErrorCode, details: ErrorDetails): string {
  const parts = Object.entries(details).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? code : `${code} (${parts.join(', ')})`;
}

function describeCause(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  return String(cause);
}

/**
 * The answer of a worker. Comlink rebuilds thrown errors without their own fields
 * (GoogleChromeLabs/comlink#448), so failures cross as values.
 */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PlainError };

/** Worker side: run `work`, never throw. */
export async function settle<T>(work: () => Promise<T> | T, fallback: ErrorCode = 'unexpected'): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: AppError.from(thrown, fallback).toPlain() };
  }
}

/** Caller's side: the value, or the `AppError` thrown again. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw AppError.fromPlain(outcome.error);
}
