import { AppError } from '../shared/app-error.ts';

/** Throws `cancelled` when the person has changed their mind already. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled');
}

/** Calls `listener` at once or when `signal` aborts; returns how to stop listening. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** `promise`, or `cancelled` as soon as `signal` aborts, however long the promise still takes. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = onAbort(signal, () => reject(new AppError('cancelled')));
    promise.then(resolve, reject).finally(stop);
  });
}

/** Resolves after `ms`; rejects with `cancelled` when `signal` aborts first. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, ms);
    const stop = onAbort(signal, () => {
      clearTimeout(timer);
      reject(new AppError('cancelled'));
    });
  });
}
