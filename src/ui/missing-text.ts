/** One sentence for what a browser lacks, and what to open instead. */

import { msg } from '@lit/localize';
import type { MissingCapability } from '../app/app-model.ts';

export interface MissingText {
  readonly sentence: string;
  readonly instead: string;
}

const newerBrowser = (): string =>
  msg('Open this page in an up-to-date Chrome, Edge, Firefox or Samsung Internet, or in Safari 16.4 or newer.');

const texts: Readonly<Record<MissingCapability, () => MissingText>> = {
  'secure-context': () => ({
    sentence: msg(
      'This page was opened over plain HTTP, where browsers do not let an app keep itself for offline use.',
    ),
    instead: msg('Open the same address with https:// in front, or ask whoever runs this site for it.'),
  }),
  'in-app-browser': () => ({
    sentence: msg('This window belongs to a chat or news app and cannot install or keep anything.'),
    instead: msg('Choose “Open in browser” in its menu, or copy the address into Chrome or Safari.'),
  }),
  webassembly: () => ({
    sentence: msg('This browser has no WebAssembly, which the model needs to compute.'),
    instead: newerBrowser(),
  }),
  'service-worker': () => ({
    sentence: msg('This browser has no service workers, which the app needs to work offline.'),
    instead: newerBrowser(),
  }),
  'indexed-db': () => ({
    sentence: msg('This browser has no storage for the model (IndexedDB).'),
    instead: newerBrowser(),
  }),
  'private-window': () => ({
    sentence: msg('This is a private window, which does not let the app keep the model.'),
    instead: msg('Open this address in an ordinary window.'),
  }),
  'module-worker': () => ({
    sentence: msg('This browser is too old to compute beside the page (module workers).'),
    instead: newerBrowser(),
  }),
};

export function missingText(what: MissingCapability): MissingText {
  return texts[what]();
}
