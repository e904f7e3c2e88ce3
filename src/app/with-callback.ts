import { proxy, type ProxyMarked } from 'comlink';

/**
 * Runs one call that takes a callback to another thread, and takes the callback back when the call has ended. Comlink's port holds
 * it, and with it all that it closes over (a whole result), until the other thread's garbage collector comes by, which may be never.
 *
 * @param ended what a late call of the callback is answered
 */
export async function withCallback<Args extends unknown[], Answer, T>(
  callback: (...args: Args) => Answer,
  ended: Answer,
  call: (remote: ((...args: Args) => Answer) & ProxyMarked) => Promise<T>,
): Promise<T> {
  let current: typeof callback | undefined = callback;
  try {
    return await call(proxy((...args: Args) => (current === undefined ? ended : current(...args))));
  } finally {
    current = undefined;
  }
}
