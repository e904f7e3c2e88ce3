import type { Capability, MissingCapability } from './app-model.ts';

/** What the check looks at; tests hand in a poorer browser. */
export interface BrowserTraits {
  readonly userAgent: string;
  readonly isSecureContext: boolean;
  readonly hasServiceWorker: boolean;
  readonly hasIndexedDb: boolean;
  /** Opens a module worker in earnest, without running a script. */
  readonly hasModuleWorkers: () => boolean;
  /** Whether modern JavaScript runs; WebAssembly is not needed, for the engine has a plain JavaScript backend. */
  readonly hasWebAssembly: boolean;
  readonly hasBigIntArrays: boolean;
  /** Opens a throw-away database, writes and reads; rejects with the browser's error. */
  readonly tryStorage: () => Promise<void>;
}

/**
 * Marks that chat and social apps put into the user agent of the browser inside them. Those have no installing, often
 * no service worker, and lose their storage: the person is asked to open the page in the real browser.
 * FBAN/FBAV/FB_IAB: Facebook, Messenger; `; wv)`: Android's WebView in any app (developer.chrome.com, "WebView user agents").
 */
const inAppMarks =
  /\bFBAN\b|\bFBAV\b|FB_IAB|\bInstagram\b|\bLine\/|MicroMessenger|\bWhatsApp\b|\bTelegram\b|Twitter for|\bTwitterAndroid|\bSnapchat\b|BytedanceWebview|musical_ly|TikTok|\bKAKAOTALK\b|\bViber\b|LinkedInApp|\bPinterest\/|\bGSA\/|\bDuckDuckGo\/\d+ .*; wv\)|; wv\)/i;

/**
 * iOS has no mark for a WebView, but Safari and every real browser of it say `Version/` or their own name;
 * a bare WKWebView says neither.
 */
const iosDevice = /\b(?:iPhone|iPad|iPod)\b/;
const iosBrowser = /\bVersion\/|\bCriOS\/|\bFxiOS\/|\bEdgiOS\/|\bOPT\/|\bOPiOS\/|\bDuckDuckGo\/|\bBrave\//;

export function isInAppBrowser(userAgent: string, standalone: boolean): boolean {
  if (inAppMarks.test(userAgent)) return true;
  // An installed web app on iOS says no `Version/` either, but it is no chat app's window.
  return iosDevice.test(userAgent) && !standalone && !iosBrowser.test(userAgent);
}

/** Everything without which the app cannot work, the most telling first. */
export async function findMissing(traits: BrowserTraits, standalone: boolean): Promise<MissingCapability | undefined> {
  // First, for such a browser lacks other things too and only this one names the way out.
  if (isInAppBrowser(traits.userAgent, standalone)) return 'in-app-browser';
  if (!traits.isSecureContext) return 'secure-context';
  // Without WebAssembly the plain JavaScript engine works, slowly; it needs what browsers got with it.
  if (!traits.hasWebAssembly && !traits.hasBigIntArrays) return 'webassembly';
  if (!traits.hasModuleWorkers()) return 'module-worker';
  if (!traits.hasIndexedDb) return 'indexed-db';
  try {
    await traits.tryStorage();
  } catch (thrown) {
    // Firefox and old Safari refuse in private windows: InvalidStateError, SecurityError, UnknownError.
    return isFull(thrown) ? undefined : 'private-window';
  }
  if (!traits.hasServiceWorker) return 'service-worker';
  return undefined;
}

/** A full disk is no private window; its own sentence comes when something is to be stored. */
function isFull(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
}

export async function checkCapabilities(): Promise<Capability> {
  const what = await findMissing(traitsOfThisBrowser(), isStandalone());
  return what === undefined ? { kind: 'ok' } : { kind: 'missing', what };
}

export function isStandalone(): boolean {
  const appleStandalone = (navigator as { standalone?: boolean }).standalone === true;
  return appleStandalone || matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches;
}

function traitsOfThisBrowser(): BrowserTraits {
  return {
    userAgent: navigator.userAgent,
    isSecureContext,
    hasServiceWorker: 'serviceWorker' in navigator,
    hasIndexedDb: typeof indexedDB !== 'undefined',
    hasModuleWorkers: canOpenModuleWorkers,
    hasWebAssembly: typeof WebAssembly !== 'undefined',
    hasBigIntArrays: typeof BigInt64Array !== 'undefined',
    tryStorage,
  };
}

/** The constructor reads `type` only where module workers exist; the made-up address is never fetched. */
function canOpenModuleWorkers(): boolean {
  if (typeof Worker === 'undefined') return false;
  // Browsers with Trusted Types all have module workers, and would report the made-up address as a violation.
  if ('trustedTypes' in globalThis) return true;
  let asked = false;
  const options = {
    get type(): 'module' {
      asked = true;
      return 'module';
    },
  };
  try {
    // Throws for the address, after it has read the options; no worker comes to be. (WebIDL converts arguments first.)
    new Worker('https://[', options);
  } catch {
    // Expected.
  }
  return asked;
}

const probeDatabase = 'chester-probe';

/** A private window may have IndexedDB and refuse to open it: only trying tells. */
function tryStorage(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(probeDatabase, 1);
    const fail = (error: DOMException | null): void =>
      reject(error ?? new DOMException('storage refused', 'UnknownError'));
    request.onupgradeneeded = () => request.result.createObjectStore('probe');
    request.onerror = () => fail(request.error);
    request.onblocked = () => resolve();
    request.onsuccess = () => {
      const database = request.result;
      const writing = database.transaction('probe', 'readwrite');
      writing.objectStore('probe').put(new ArrayBuffer(1), 'probe');
      writing.onabort = () => {
        database.close();
        fail(writing.error);
      };
      writing.oncomplete = () => {
        database.close();
        indexedDB.deleteDatabase(probeDatabase);
        resolve();
      };
    };
  });
}
