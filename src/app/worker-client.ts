import { wrap, type Remote } from 'comlink';
import { AppError, type ErrorCode } from '../shared/app-error.ts';
import { trustedScriptUrl } from './trusted-types.ts';

/**
 * A worker that answers or dies, and in both cases its callers hear of it. Comlink alone leaves a call pending for ever
 * when the worker crashes (GoogleChromeLabs/comlink#601).
 */
export interface LivingWorker<Api> {
  /** Runs one call; rejects with the reason when the worker ends before it answers. */
  call<T>(work: (remote: Remote<Api>) => Promise<T>): Promise<T>;
  /** Stops the worker's thread now, whatever it computes, and rejects every call with `reason`. */
  end(reason: AppError): void;
}

/**
 * @param address script of the worker, relative to the app's root or absolute
 * @param name shown in developer tools
 * @param crashCode what callers get when the worker throws where nobody catches, or its script does not load
 * @param onEnd called once, however it ended
 */
export function openWorker<Api>(
  address: string,
  name: string,
  crashCode: ErrorCode,
  onEnd: (reason: AppError) => void,
): LivingWorker<Api> {
  const worker = new Worker(trustedScriptUrl(address), { type: 'module', name });
  const remote = wrap<Api>(worker);
  // Not `Promise.race` with one promise of death: its reactions would keep every answer in memory until the worker ends.
  const waiting = new Set<(reason: AppError) => void>();
  let ended: AppError | undefined;

  function end(reason: AppError): void {
    if (ended !== undefined) return;
    ended = reason;
    worker.terminate();
    for (const reject of waiting) reject(reason);
    waiting.clear();
    onEnd(reason);
  }

  worker.addEventListener('error', (event) => {
    event.preventDefault();
    end(new AppError(crashCode, {}, event.message || 'the worker ended or its script did not load'));
  });
  worker.addEventListener('messageerror', () => end(new AppError(crashCode, {}, 'a message could not be read')));

  return {
    call(work) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        work(remote)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      });
    },
    end,
  };
}
