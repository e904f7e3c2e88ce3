import { AppError, settle } from '../src/shared/app-error.ts';
import type { Outcome, PlainError } from '../src/shared/app-error.ts';
import { appVersion, buildId } from '../src/shared/build.ts';
import type { ServiceWorkerReplies, ServiceWorkerRequest } from '../src/shared/messages.ts';
import { downloadPack, pausePack } from './download-pack.ts';
import type { Shell } from './shell.ts';
import { workerScope } from './worker-scope.ts';

type Reply = ServiceWorkerReplies[ServiceWorkerRequest['type']] | { readonly ok: false; readonly error: PlainError };

/** The answer to a page's message; a message that nobody of ours sends is answered too, never dropped in silence. */
export function answerRequest(request: ServiceWorkerRequest, shell: Shell): Promise<Reply> {
  switch (request.type) {
    case 'get-version':
      return Promise.resolve({ appVersion, buildId });
    case 'get-shell-state':
      return shell.state();
    case 'download-pack':
      return settle(() => downloadPack(request.id), 'download-failed');
    case 'pause-pack':
      return settle(() => pausePack(request.id), 'storage-failed');
    case 'skip-waiting':
      return settle(() => workerScope.skipWaiting(), 'service-worker-failed');
    default:
      return Promise.resolve(unknownRequest(request));
  }
}

function unknownRequest(request: never): Outcome<never> {
  return { ok: false, error: new AppError('wrong-usage', { request: JSON.stringify(request) ?? '' }).toPlain() };
}
