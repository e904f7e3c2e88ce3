/**
 * Every screen and state, by name: what the screenshots show, and what must be accessible and translated.
 * `hash` is the address within the page.
 */

import type { AppState, QueueItem } from '../../src/app/app-model.ts';
import type { CameraPhase } from '../../src/app/camera-session.ts';
import { captureHints } from '../../src/app/capture-guide.ts';
import type { Model, ModelLibrary, PackFileStatus } from '../../src/app/model-library.ts';
import type { FindingScore } from '../../src/shared/analysis.ts';
import type { ViewState } from '../../src/ui/view-state.ts';
import type { XrayViewer } from '../../src/ui/xray-viewer.ts';
import { findAll } from './deep-find.ts';
import { FakeCamera, livePhase } from './some-camera.ts';
import { somePhoto } from './some-photo.ts';
import { doneItem, FakeApp, someItem, totalBytes } from './fake-app.ts';
import {
  autoencoder,
  calibratedPocket,
  chester,
  chesterPack,
  fineTuned,
  fromAFriend,
  offered,
  pocket,
  readyLibrary,
  unknownPack,
  unverifiedPack,
  updatable,
  updated,
} from './some-models.ts';
import {
  agreeingGate,
  calibratedFinding,
  noFindingAbove,
  opinionGate,
  overriddenGate,
  refusedGate,
  seriesFacts,
  someResult,
  someFindings,
  warnedGate,
  type ResultChanges,
} from './some-result.ts';

export interface Screen {
  readonly name: string;
  readonly hash: string;
  readonly app: FakeApp;
  /** How the picture of a result is looked at, where not as at first. */
  readonly view?: Partial<ViewState>;
}

/** Looks at the picture of the result below `root` as `view` says; false while there is none yet. */
export function lookAs(root: ParentNode, view: Partial<ViewState>): boolean {
  const [viewer] = findAll<XrayViewer>(root, 'xray-viewer');
  if (viewer === undefined) return false;
  viewer.view = { ...viewer.view, ...view };
  return true;
}

const firstResult = '#/result/first';

function home(name: string, changes: Partial<AppState>): Screen {
  return { name: `home-${name}`, hash: '#/', app: new FakeApp(changes) };
}

function models(name: string, library: ModelLibrary, changes: Partial<AppState> = {}): Screen {
  return { name: `models-${name}`, hash: '#/models', app: new FakeApp({ ...changes, models: library }) };
}

const networkError = { code: 'download-failed', details: { status: 503 } } as const;
const fileName = 'chester-v3-1.0.0.chesterpack';

function packFile(name: string, status: PackFileStatus, more: readonly Model[] = []): Screen {
  return models(name, readyLibrary([pocket, ...more], status));
}

function camera(name: string, phase: CameraPhase, automatic = true): Screen {
  const app = new FakeApp();
  app.camera = new FakeCamera(phase, automatic);
  return { name: `camera-${name}`, hash: '#/camera', app };
}

function cameraScreens(): readonly Screen[] {
  return [
    camera('starting', { kind: 'starting' }),
    ...captureHints.map((hint) => camera(hint, livePhase(hint))),
    camera('by-hand', livePhase('ready'), false),
    camera('taking', { kind: 'taking' }),
    camera('paused', { kind: 'paused' }),
    camera('refused', { kind: 'failed', error: { code: 'camera-refused', details: {} } }),
    camera('absent', { kind: 'failed', error: { code: 'camera-absent', details: {} } }),
  ];
}

function modelScreens(): readonly Screen[] {
  const arriving = { receivedBytes: 5_900_000, totalBytes: 14_020_000 };
  const coming = offered(chester, true);
  const mismatch = { code: 'known-answer-mismatch', details: { worst: 0.21 } } as const;
  return [
    models('loading', { kind: 'loading' }),
    models('ready', readyLibrary([pocket, chester, autoencoder, fromAFriend])),
    models('offered', readyLibrary([updatable, offered(chester, true), fineTuned, offered(autoencoder, false)])),
    models(
      'downloading',
      readyLibrary([
        { ...coming, activity: { kind: 'downloading', ...arriving, secondsLeft: 41 } },
        { ...updatable, activity: { kind: 'downloading', receivedBytes: 400_000, totalBytes: 5_400_000 } },
      ]),
    ),
    models(
      'paused',
      readyLibrary([pocket, { ...coming, activity: { kind: 'paused', ...arriving, error: networkError } }]),
    ),
    models('proving', readyLibrary([pocket, { ...coming, activity: { kind: 'proving' } }])),
    models('calibrated', readyLibrary([calibratedPocket]), { sitePrevalences: { Effusion: 0.025 } }),
    models('updated', readyLibrary([updated])),
    models(
      'failed',
      readyLibrary([
        { ...updatable, activity: { kind: 'failed', error: mismatch } },
        { ...coming, activity: { kind: 'failed', error: { code: 'storage-full', details: { needed: 14_020_000 } } } },
      ]),
    ),
    models('empty', readyLibrary([])),
    models(
      'no-catalogue',
      { kind: 'ready', models: [pocket], catalogError: networkError, packFile: { kind: 'none' } },
      { online: false },
    ),
    models('catalogue-broken', {
      kind: 'ready',
      models: [pocket],
      catalogError: { code: 'catalog-invalid', details: { path: 'packs' } },
      packFile: { kind: 'none' },
    }),
    models('notice', readyLibrary(), { notice: { kind: 'error', error: { code: 'storage-full', details: {} } } }),
    packFile('side-loading', { kind: 'reading', fileName, receivedBytes: 6_100_000, totalBytes: 14_100_000 }),
    packFile('side-proving', { kind: 'proving', fileName, id: 'chester-v3' }),
    packFile('side-done', { kind: 'done', fileName, id: fromAFriend.id, version: '2.0.0' }, [fromAFriend]),
    packFile('side-done-in-use', { kind: 'done', fileName, id: 'pocket', version: '1.0.0' }),
    packFile('side-failed', {
      kind: 'failed',
      fileName,
      error: { code: 'pack-hash-mismatch', details: { path: 'weights-03.bin' } },
    }),
  ];
}

const unmeasuredFindings: readonly FindingScore[] = someFindings.map((finding) => ({
  ...finding,
  grade: 'unmeasured',
}));

function result(name: string, changes: ResultChanges): Screen {
  const item = someItem({ kind: 'done', result: someResult(changes) });
  return { name: `result-${name}`, hash: firstResult, app: new FakeApp({ queue: [item] }) };
}

/** The first finding explained by its pixels, the other way on its way. */
function explained(): Screen {
  const [first] = someFindings;
  const finding = first?.id ?? '';
  const map = { width: 2, height: 2, values: [0, 0.2, 1, 0.4] };
  const item: QueueItem = {
    ...someItem({ kind: 'done', result: someResult() }),
    explanations: [
      { finding, kind: 'gradient', state: { kind: 'done', explanation: { finding, kind: 'gradient', map } } },
      { finding, kind: 'occlusion', state: { kind: 'working', share: 0.4 } },
    ],
  };
  return { name: 'result-explained', hash: firstResult, app: new FakeApp({ queue: [item] }) };
}

function looking(name: string, view: Partial<ViewState>): Screen {
  return { ...result(name, {}), view };
}

/** The example as the app shows it; `changes` may bring its real picture. */
export function exampleScreen(changes: ResultChanges = {}): Screen {
  const item = someItem(
    { kind: 'done', result: someResult({ ...changes, synthetic: { drawnFindings: ['Cardiomegaly', 'Effusion'] } }) },
    'first',
    'synthetic-effusion.png',
  );
  return { name: 'result-example', hash: firstResult, app: new FakeApp({ queue: [item] }) };
}

export function allScreens(): readonly Screen[] {
  const download = { receivedBytes: 2_100_000, totalBytes };
  const failedError = { code: 'image-truncated', details: { format: 'jpeg' } } as const;
  const failedLists = new FakeApp();
  failedLists.report = new Error('unreadable');
  failedLists.entries = new Error('unreadable');
  const empty = new FakeApp();
  empty.report = { packs: [], appBytes: 1_540_000, persisted: true };
  empty.entries = [];
  return [
    { name: 'starting', hash: '#/', app: new FakeApp({ capability: { kind: 'checking' } }) },
    {
      name: 'acceptance',
      hash: '#/',
      app: new FakeApp({ accepted: false, offline: { kind: 'needs-download', totalBytes } }),
    },
    {
      name: 'acceptance-size-unknown',
      hash: '#/',
      app: new FakeApp({ accepted: false, offline: { kind: 'failed', error: networkError } }),
    },
    ...(
      [
        'secure-context',
        'in-app-browser',
        'webassembly',
        'service-worker',
        'indexed-db',
        'private-window',
        'module-worker',
      ] as const
    ).map((what) => ({
      name: `unsupported-${what}`,
      hash: '#/',
      app: new FakeApp({ capability: { kind: 'missing', what } }),
    })),
    home('ready', { install: { kind: 'offered' } }),
    home('offline-now', { online: false }),
    home('checking', { offline: { kind: 'checking' } }),
    home('needs-download', { offline: { kind: 'needs-download', totalBytes } }),
    home('downloading', { offline: { kind: 'downloading', ...download, secondsLeft: 34 } }),
    home('paused', { offline: { kind: 'paused', ...download, error: networkError } }),
    home('proving', { offline: { kind: 'proving' } }),
    home('failed', { offline: { kind: 'failed', error: { code: 'known-answer-mismatch', details: { worst: 0.2 } } } }),
    home('ios', { install: { kind: 'by-hand-ios' } }),
    home('update', { update: { kind: 'waiting', busy: false } }),
    home('updating', { update: { kind: 'applying' } }),
    home('camera-interrupted', { notice: { kind: 'camera-interrupted' } }),
    home('not-persisted', { notice: { kind: 'not-persisted' } }),
    home('updated', { notice: { kind: 'updated', version: '0.2.0' } }),
    home('error', { notice: { kind: 'error', error: { code: 'storage-full', details: {} } } }),
    home('queue', {
      queue: [
        doneItem('first', 'ward-3-bed-2.png'),
        someItem({ kind: 'done', result: someResult({ gate: refusedGate }) }, 'second', 'receipt.jpg'),
        someItem({ kind: 'done', result: someResult({ findings: noFindingAbove, kept: true }) }, 'third', 'bed-4.png'),
        someItem({ kind: 'failed', error: failedError }, 'fourth', 'cut.jpg'),
        someItem({ kind: 'cancelled' }, 'fifth', 'bed-5.png'),
        someItem({ kind: 'working', stage: 'findings' }, 'sixth', 'bed-6.png'),
        someItem({ kind: 'working', stage: 'queued' }, 'seventh', 'bed-7.png'),
        { ...doneItem('eighth', 'series.dcm'), reading: { frame: 3, inverted: true } },
      ],
    }),
    {
      name: 'working',
      hash: firstResult,
      app: new FakeApp({ queue: [someItem({ kind: 'working', stage: 'gate' })] }),
    },
    {
      name: 'corners',
      hash: firstResult,
      app: new FakeApp({
        queue: [someItem({ kind: 'corners', recognised: false, ...somePhoto() }, 'first', 'film.jpg')],
      }),
    },
    {
      name: 'failed',
      hash: firstResult,
      app: new FakeApp({ queue: [someItem({ kind: 'failed', error: failedError })] }),
    },
    { name: 'cancelled', hash: firstResult, app: new FakeApp({ queue: [someItem({ kind: 'cancelled' })] }) },
    { name: 'gone', hash: firstResult, app: new FakeApp() },
    exampleScreen(),
    result('kept', { kept: true }),
    result('no-finding', { findings: noFindingAbove }),
    result('warned', { gate: warnedGate }),
    result('refused', { gate: refusedGate }),
    result('overridden', { gate: overriddenGate }),
    result('calibrated', { findings: [calibratedFinding] }),
    result('unmeasured', { findings: unmeasuredFindings, pack: chesterPack }),
    result('unverified', { findings: unmeasuredFindings, pack: unverifiedPack, gate: agreeingGate }),
    result('unknown-origin', { findings: unmeasuredFindings, pack: unknownPack }),
    result('second-opinion', { gate: opinionGate }),
    result('series', { source: { kind: 'dicom', format: 'dicom', dicom: seriesFacts } }),
    result('inverted', { source: { inverted: true } }),
    explained(),
    looking('zoomed', { transform: { scale: 2.5, centreX: 0.3, centreY: 0.65 } }),
    looking('windowed', { mode: 'window', greyWindow: { level: 96, width: 150 }, inverted: true }),
    looking('loupe', { mode: 'loupe', transform: { scale: 1.5, centreX: 0.4, centreY: 0.6 }, mapHidden: true }),
    ...cameraScreens(),
    ...modelScreens(),
    { name: 'help', hash: '#/help', app: new FakeApp() },
    { name: 'about', hash: '#/about', app: new FakeApp() },
    { name: 'about-failed', hash: '#/about', app: failedLists },
    { name: 'about-empty', hash: '#/about', app: empty },
    { name: 'storage', hash: '#/storage', app: new FakeApp() },
    { name: 'storage-failed', hash: '#/storage', app: failedLists },
    { name: 'storage-empty', hash: '#/storage', app: empty },
  ];
}
