/**
 * Entry of the service worker: wires events to the functions beside this file. sw/README.md tells what it promises.
 */

import type { PrecacheEntry } from 'workbox-precaching';
import type { ServiceWorkerRequest } from '../src/shared/messages.ts';
import { answerCatalog, isCatalogRequest } from './answer-catalog.ts';
import { answerRequest } from './answer-request.ts';
import { noteRequest } from './request-ledger.ts';
import { isShare, receiveShare } from './share-target.ts';
import { createShell } from './shell.ts';
import { workerScope } from './worker-scope.ts';

// workbox-build looks for exactly these letters and puts the list of files in their place.
declare const self: { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] };
const shell = createShell(self.__WB_MANIFEST);

/** A first install is not an update: only then may this worker take pages that opened without it. */
let isFirstInstall = false;

workerScope.addEventListener('install', (event) => {
  isFirstInstall = workerScope.registration.active === null;
  event.waitUntil(Promise.all([noteRequest({ method: 'GET', url: workerScope.location.href }), shell.install(event)]));
});

workerScope.addEventListener('activate', (event) => {
  const claim = isFirstInstall ? workerScope.clients.claim() : undefined;
  event.waitUntil(Promise.all([claim, shell.cleanUp(event)]));
});

workerScope.addEventListener('message', (event) => {
  const request = event.data as ServiceWorkerRequest;
  const [port] = event.ports;
  event.waitUntil(answerRequest(request, shell).then((reply) => port?.postMessage(reply)));
});

workerScope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate') event.waitUntil(shell.cleanUp(event));
  if (isShare(request)) {
    event.respondWith(receiveShare(request));
    return;
  }
  const answer = isCatalogRequest(request) ? answerCatalog(event) : shell.answer(event);
  if (answer === undefined) event.waitUntil(noteRequest(request));
  else event.respondWith(answer);
});
