import { expect } from '@open-wc/testing';
import { checkCapabilities, findMissing, isInAppBrowser, type BrowserTraits } from '../../../src/app/capabilities.ts';

const android = 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko)';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

const inApp: Record<string, string> = {
  'Facebook on iOS': `${iphone} Mobile/21F90 [FBAN/FBIOS;FBAV/465.0.0.37.100;FBBV/602060281;FBDV/iPhone14,5]`,
  'Facebook on Android': `${android} Version/4.0 Chrome/125.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/464.0.0.0;]`,
  Instagram: `${iphone} Mobile/21F90 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5; en_US)`,
  Line: `${android} Version/4.0 Chrome/125.0 Mobile Safari/537.36 Line/14.7.0/IAB`,
  WeChat: `${android} Version/4.0 Chrome/116.0 Mobile Safari/537.36 XWEB/1160 MicroMessenger/8.0.49`,
  'any WebView on Android': `${android.replace(')', '; wv)')} Version/4.0 Chrome/125.0 Mobile Safari/537.36`,
  'any WebView on iOS': `${iphone} Mobile/15E148`,
};

const realBrowsers: Record<string, string> = {
  'Chrome on Android': `${android} Chrome/125.0.0.0 Mobile Safari/537.36`,
  'Samsung Internet': `${android} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
  Safari: `${iphone} Version/17.5 Mobile/15E148 Safari/604.1`,
  'Chrome on iOS': `${iphone} CriOS/125.0 Mobile/15E148 Safari/604.1`,
  'Firefox on Android': 'Mozilla/5.0 (Android 14; Mobile; rv:126.0) Gecko/126.0 Firefox/126.0',
};

function traits(change: Partial<BrowserTraits> = {}): BrowserTraits {
  return {
    userAgent: realBrowsers['Chrome on Android'] ?? '',
    isSecureContext: true,
    hasServiceWorker: true,
    hasIndexedDb: true,
    hasModuleWorkers: () => true,
    hasWebAssembly: true,
    hasBigIntArrays: true,
    tryStorage: () => Promise.resolve(),
    ...change,
  };
}

describe('capabilities', () => {
  it('finds nothing missing in this browser, with storage opened in earnest', async () => {
    expect(await checkCapabilities()).to.deep.equal({ kind: 'ok' });
  });

  for (const [name, userAgent] of Object.entries(inApp)) {
    it(`knows the in-app browser: ${name}`, async () => {
      expect(await findMissing(traits({ userAgent }), false)).to.equal('in-app-browser');
    });
  }

  for (const [name, userAgent] of Object.entries(realBrowsers)) {
    it(`takes for a real browser: ${name}`, () => {
      expect(isInAppBrowser(userAgent, false)).to.equal(false);
    });
  }

  it('does not take an app on the home screen of iOS for a chat app', () => {
    expect(isInAppBrowser(inApp['any WebView on iOS'] ?? '', true)).to.equal(false);
  });

  it('names plain HTTP, module workers, IndexedDB and the service worker', async () => {
    expect(await findMissing(traits({ isSecureContext: false }), false)).to.equal('secure-context');
    expect(await findMissing(traits({ hasModuleWorkers: () => false }), false)).to.equal('module-worker');
    expect(await findMissing(traits({ hasIndexedDb: false }), false)).to.equal('indexed-db');
    expect(await findMissing(traits({ hasServiceWorker: false }), false)).to.equal('service-worker');
  });

  it('tells a private window by trying, and not a full disk for one', async () => {
    const refuses = (name: string) => (): Promise<void> => Promise.reject(new DOMException('no', name));
    expect(await findMissing(traits({ tryStorage: refuses('InvalidStateError') }), false)).to.equal('private-window');
    expect(await findMissing(traits({ tryStorage: refuses('QuotaExceededError') }), false)).to.equal(undefined);
  });

  it('goes on without WebAssembly, for there is an engine in plain JavaScript', async () => {
    expect(await findMissing(traits({ hasWebAssembly: false }), false)).to.equal(undefined);
    expect(await findMissing(traits({ hasWebAssembly: false, hasBigIntArrays: false }), false)).to.equal('webassembly');
  });
});
