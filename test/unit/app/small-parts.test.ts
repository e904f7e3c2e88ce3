/** The smaller use cases, each with the real browser behind it: storage, locks, history, fetch. */

import { expect } from '@open-wc/testing';
import { abortable, wait } from '../../../src/app/abort.ts';
import { markCameraClosed, markCameraOpen, takeCameraInterruption } from '../../../src/app/camera-return.ts';
import { checkFile } from '../../../src/app/check-file.ts';
import { createDownloadPace } from '../../../src/app/download-pace.ts';
import { engineChoice } from '../../../src/app/engine-choice.ts';
import { openIncomingFiles } from '../../../src/app/incoming-files.ts';
import { createLeaveGuard } from '../../../src/app/leave-guard.ts';
import { trustedScriptUrl } from '../../../src/app/trusted-types.ts';
import { createWorkLock } from '../../../src/app/work-lock.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { buildId } from '../../../src/shared/build.ts';
import { putSharedFiles } from '../../../src/storage/inbox.ts';
import { getSetting, setSetting } from '../../../src/storage/settings.ts';
import { deleteDatabase } from '../../../src/storage/wipe.ts';

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'resolved';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

describe('abort', () => {
  it('rejects at once, however long the work takes', async () => {
    const controller = new AbortController();
    const never = abortable(new Promise<void>(() => undefined), controller.signal);
    controller.abort();
    expect(await codeOf(never)).to.equal('cancelled');
    expect(await codeOf(wait(60_000, controller.signal))).to.equal('cancelled');
    expect(await codeOf(wait(1))).to.equal('resolved');
  });
});

describe('camera-return', () => {
  afterEach(() => deleteDatabase());

  it('tells once that the page was killed behind the camera', async () => {
    expect(await takeCameraInterruption()).to.equal(false);
    await markCameraOpen();
    expect(await takeCameraInterruption()).to.equal(true);
    expect(await takeCameraInterruption()).to.equal(false);
  });

  it('says nothing when the camera was closed, or was opened yesterday', async () => {
    await markCameraOpen();
    await markCameraClosed();
    expect(await takeCameraInterruption()).to.equal(false);
    await markCameraOpen(new Date('2026-03-08T10:00:00Z'));
    expect(await takeCameraInterruption(new Date('2026-03-09T10:00:00Z'))).to.equal(false);
  });
});

describe('check-file', () => {
  it('refuses what is empty or too large without reading it', async () => {
    expect(await codeOf(checkFile(new File([], 'x.png')))).to.equal('file-empty');
    const large = new File(['x'], 'x.png');
    Object.defineProperty(large, 'size', { value: 3e9 });
    expect(await codeOf(checkFile(large))).to.equal('file-too-large');
    expect(await codeOf(checkFile(new File(['x'], 'x.png')))).to.equal('resolved');
  });

  it('tells a folder from a file that is gone', async () => {
    const unreadable = (name: string, type: string): File => {
      const file = new File(['x'], name, { type });
      // What a browser's File of a folder does.
      file.slice = () => {
        throw new DOMException('A requested file could not be read', 'NotFoundError');
      };
      return file;
    };
    expect(await codeOf(checkFile(unreadable('images', '')))).to.equal('file-is-folder');
    expect(await codeOf(checkFile(unreadable('x.png', 'image/png')))).to.equal('file-unreadable');
  });
});

describe('download-pace', () => {
  it('says how many seconds are left, from the last seconds only', () => {
    const pace = createDownloadPace();
    expect(pace.update(0, 100, 0)).to.equal(undefined);
    expect(pace.update(1, 100, 500)).to.equal(undefined);
    expect(pace.update(10, 100, 1_000)).to.equal(9);
    // Ten times faster from now on: the slow beginning is forgotten.
    pace.update(10, 10_000, 20_000);
    expect(pace.update(1_010, 10_000, 21_000)).to.equal(9);
  });

  it('says nothing while nothing arrives, and begins anew after a restart', () => {
    const pace = createDownloadPace();
    pace.update(50, 100, 0);
    expect(pace.update(50, 100, 5_000)).to.equal(undefined);
    expect(pace.update(0, 100, 6_000)).to.equal(undefined);
    expect(pace.update(50, 100, 8_000)).to.equal(2);
  });
});

describe('engine-choice', () => {
  afterEach(() => deleteDatabase());

  it('leaves the first choice to the worker, then remembers it for this build and device', async () => {
    expect(await engineChoice.choose(0)).to.equal(undefined);
    await engineChoice.remember({ mode: 'threads', threads: 4, kernels: 'relaxed' });
    expect(await engineChoice.choose(0)).to.deep.equal({ mode: 'threads', threads: 4 });
  });

  it('becomes more modest with each start that failed', async () => {
    const modes = await Promise.all([1, 2, 3].map((failed) => engineChoice.choose(failed)));
    expect(modes.map((wish) => wish?.mode)).to.deep.equal(['simd', 'wasm', 'js']);
    expect(engineChoice.maxAttempts).to.equal(4);
  });

  it('measures again after another build or browser, or where cores came or went', async () => {
    await engineChoice.remember({ mode: 'simd', threads: 1, kernels: 'plain' });
    const choice = await getSetting('threadChoice');
    expect(choice).to.include({ mode: 'simd', buildId, userAgent: navigator.userAgent });
    for (const other of [{ buildId: 'older' }, { userAgent: 'older' }, { cores: 1 + navigator.hardwareConcurrency }]) {
      await setSetting('threadChoice', { ...choice!, ...other });
      expect(await engineChoice.choose(0), JSON.stringify(other)).to.equal(undefined);
    }
  });

  it('never tries threads on an iPhone or an iPad', async () => {
    const simd = { mode: 'simd' };
    const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15';
    const iPadAsMac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15';
    expect(await choiceOn(iPhone, 5)).to.deep.equal(simd);
    expect(await choiceOn(iPadAsMac, 5)).to.deep.equal(simd);
    expect(await choiceOn(iPadAsMac, 0)).to.equal(undefined);
  });

  async function choiceOn(userAgent: string, maxTouchPoints: number): ReturnType<typeof engineChoice.choose> {
    Object.defineProperties(navigator, {
      userAgent: { configurable: true, value: userAgent },
      maxTouchPoints: { configurable: true, value: maxTouchPoints },
    });
    try {
      return await engineChoice.choose(0);
    } finally {
      // The own properties hid the browser's, which lie on the prototype.
      Reflect.deleteProperty(navigator, 'userAgent');
      Reflect.deleteProperty(navigator, 'maxTouchPoints');
    }
  }
});

describe('incoming-files', () => {
  const address = location.href;
  afterEach(async () => {
    history.replaceState(null, '', address);
    sessionStorage.clear();
    await deleteDatabase();
  });

  it('opens what was shared, once, and cleans the address', async () => {
    await putSharedFiles([{ name: 'x.png', type: 'image/png', bytes: new Uint8Array([1, 2, 3]).buffer }]);
    const opened: File[] = [];
    const openShared = async (): Promise<void> => {
      const url = new URL(address);
      url.searchParams.set('shared', '');
      url.hash = '#/';
      history.replaceState(null, '', url);
      await openIncomingFiles((files) => opened.push(...files));
    };
    await openShared();
    await openShared();
    expect(opened.map((file) => file.name)).to.deep.equal(['x.png']);
    expect(new Uint8Array((await opened[0]?.arrayBuffer()) ?? new ArrayBuffer(0))).to.deep.equal(
      new Uint8Array([1, 2, 3]),
    );
    expect(new URL(location.href).searchParams.has('shared')).to.equal(false);
    expect(location.hash).to.equal('#/');
  });

  it('says why a share failed', async () => {
    const url = new URL(address);
    url.searchParams.set('shared', 'storage-full');
    history.replaceState(null, '', url);
    expect(await codeOf(openIncomingFiles(() => undefined))).to.equal('storage-full');
  });

  it('opens what the file handler was given', async () => {
    type Consumer = (params: { files: { getFile(): Promise<File> }[] }) => void;
    let consumer: Consumer = () => undefined;
    const own = Object.getOwnPropertyDescriptor(globalThis, 'launchQueue');
    const launchQueue = { setConsumer: (given: Consumer) => (consumer = given) };
    Object.defineProperty(globalThis, 'launchQueue', { value: launchQueue, configurable: true });
    const opened: string[] = [];
    await openIncomingFiles((files) => opened.push(...files.map((file) => file.name)));
    consumer({ files: [{ getFile: () => Promise.resolve(new File(['x'], 'handled.png')) }] });
    consumer({ files: [] });
    await wait(20);
    if (own === undefined) Reflect.deleteProperty(globalThis, 'launchQueue');
    else Object.defineProperty(globalThis, 'launchQueue', own);
    expect(opened).to.deep.equal(['handled.png']);
  });
});

describe('leave-guard', () => {
  it('asks only while something would be lost', () => {
    const asked = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    const guard = createLeaveGuard();
    expect(asked()).to.equal(false);
    guard.update(true);
    guard.update(true);
    expect(asked()).to.equal(true);
    guard.update(false);
    expect(asked()).to.equal(false);
  });
});

describe('trusted-types', () => {
  it('lets through scripts of this origin only', () => {
    expect(String(trustedScriptUrl('./sw.js'))).to.equal(new URL('./sw.js', document.baseURI).href);
    expect(() => trustedScriptUrl('https://example.org/x.js')).to.throw(TypeError);
    expect(() => trustedScriptUrl('data:text/javascript,1')).to.throw(TypeError);
  });
});

describe('work-lock', () => {
  it('tells other tabs of work, and not ourselves', async () => {
    const here = createWorkLock('https://test.invalid/');
    const there = createWorkLock('https://test.invalid/');
    expect(await here.othersHaveWork()).to.equal(false);
    there.update(true);
    await wait(20);
    expect(await here.othersHaveWork()).to.equal(true);
    expect(await there.othersHaveWork()).to.equal(false);
    here.update(true);
    there.update(false);
    await wait(20);
    expect(await here.othersHaveWork()).to.equal(false);
    here.update(false);
  });
});
