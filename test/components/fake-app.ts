/** An app in memory: whatever state a test wants, and a list of what the screens asked for. */

import type {
  AppState,
  ChesterApp,
  LedgerEntry,
  QueueItem,
  QueueItemState,
  StorageReport,
} from '../../src/app/app-model.ts';
import type { CameraSession } from '../../src/app/camera-session.ts';
import type { PictureLook, PictureReading } from '../../src/shared/analysis.ts';
import type { Outcome } from '../../src/shared/app-error.ts';
import type { SeenPicture } from '../../src/shared/messages.ts';
import type { DeidentifiedCopy } from '../../src/shared/deidentified-copy.ts';
import type { PictureBox } from '../../src/shared/picture-box.ts';
import type { SitePrevalences } from '../../src/shared/site-prevalences.ts';
import type { PhotoChoice } from '../../src/shared/analysis.ts';
import { readyLibrary } from './some-models.ts';
import { somePack, someResult } from './some-result.ts';

export const totalBytes = 6_240_000;

export const readyState: AppState = {
  version: '0.1.0',
  capability: { kind: 'ok' },
  accepted: true,
  online: true,
  offline: { kind: 'ready' },
  install: { kind: 'unavailable' },
  update: { kind: 'none' },
  queue: [],
  notice: undefined,
  models: readyLibrary(),
  sitePrevalences: {},
};

export function someItem(state: QueueItemState, id = 'first', name = 'ward-3-bed-2.png'): QueueItem {
  return { id, name, label: name, state };
}

export function doneItem(id = 'first', name?: string): QueueItem {
  return someItem({ kind: 'done', result: someResult() }, id, name);
}

export const someReport: StorageReport = {
  packs: [{ id: 'pocket', version: '1.0.0', state: 'installed', bytes: 4_700_000, manifest: somePack }],
  appBytes: 1_540_000,
  usageBytes: 6_300_000,
  quotaBytes: 2_000_000_000,
  persisted: false,
};

export const someLedger: readonly LedgerEntry[] = [
  { method: 'GET', address: './', count: 2, lastAt: '2026-03-01T09:00:00.000Z', sameOrigin: true },
  { method: 'GET', address: 'models/catalog.json', count: 3, lastAt: '2026-03-01T09:00:01.000Z', sameOrigin: true },
];

export const someCopy: DeidentifiedCopy & { readonly fileName: string } = {
  bytes: new Uint8Array([1, 2, 3]),
  report: {
    removed: ["Patient's Age", 'Study Description'],
    emptied: ["Patient's Name", 'Study Date'],
    replaced: ['SOP Instance UID'],
    unknownRemoved: 3,
  },
  fileName: 'deidentified-2026-03-09T14-05-59.dcm',
};

export interface Call {
  readonly name: string;
  readonly values: readonly unknown[];
}

export class FakeApp implements ChesterApp {
  state: AppState;
  readonly calls: Call[] = [];
  /** What `savePackFile` gives. */
  packFile: { readonly fileName: string; readonly blob: Blob } | undefined;
  /** What `deidentify` gives. */
  copy: Outcome<DeidentifiedCopy & { readonly fileName: string }> = { ok: true, value: someCopy };
  report: StorageReport | Error = someReport;
  entries: readonly LedgerEntry[] | Error = someLedger;
  private readonly listeners = new Set<() => void>();

  constructor(changes: Partial<AppState> = {}) {
    this.state = { ...readyState, ...changes };
  }

  change(changes: Partial<AppState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }

  called(name: string): readonly Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async acceptNotForMedicalUse(): Promise<void> {
    this.note('acceptNotForMedicalUse');
    this.change({ accepted: true });
    return Promise.resolve();
  }

  open(files: readonly File[], origin?: 'files' | 'camera'): void {
    this.note('open', files, origin);
    const items = files.map((file, index) =>
      someItem({ kind: 'working', stage: 'queued' }, `opened-${this.state.queue.length + index}`, file.name),
    );
    this.change({ queue: [...this.state.queue, ...items] });
  }

  openExample(): void {
    this.note('openExample');
  }

  /** What `openCamera` gives; without one there is no camera. */
  camera: CameraSession | undefined;

  hasCamera(): Promise<boolean> {
    return Promise.resolve(this.camera !== undefined);
  }

  openCamera(): Promise<CameraSession> {
    this.note('openCamera');
    return this.camera === undefined ? Promise.reject(new Error('no camera')) : Promise.resolve(this.camera);
  }

  cameraOpening(): void {
    this.note('cameraOpening');
  }

  cameraClosed(): void {
    this.note('cameraClosed');
  }

  cancel(itemId: string): void {
    this.note('cancel', itemId);
  }

  cancelAll(): void {
    this.note('cancelAll');
  }

  retry(itemId: string): void {
    this.note('retry', itemId);
  }

  dismiss(itemId: string): void {
    this.note('dismiss', itemId);
    this.change({ queue: this.state.queue.filter((item) => item.id !== itemId) });
  }

  setLabel(itemId: string, label: string): void {
    this.note('setLabel', itemId, label);
  }

  setRatioLines(itemId: string, lines: unknown): void {
    this.note('setRatioLines', itemId, lines);
  }

  analyzeAnyway(itemId: string, codes: readonly string[]): void {
    this.note('analyzeAnyway', itemId, codes);
  }

  analyzeAs(itemId: string, reading: PictureReading): void {
    this.note('analyzeAs', itemId, reading);
  }

  /** What `lookAt` gives. */
  seen: Outcome<SeenPicture> = { ok: false, error: { code: 'file-unreadable', details: {} } };

  async lookAt(itemId: string, look: PictureLook): Promise<Outcome<SeenPicture>> {
    this.note('lookAt', itemId, look);
    return Promise.resolve(this.seen);
  }

  explain(itemId: string, finding: string, kind: string): void {
    this.note('explain', itemId, finding, kind);
  }

  cancelExplanation(itemId: string): void {
    this.note('cancelExplanation', itemId);
  }

  treatAsPhoto(itemId: string): void {
    this.note('treatAsPhoto', itemId);
  }

  placeCorners(itemId: string, choice: PhotoChoice | undefined): void {
    this.note('placeCorners', itemId, choice);
  }

  exportJson(
    itemId: string,
    options: { readonly maps: boolean },
  ): { readonly fileName: string; readonly json: string } {
    this.note('exportJson', itemId, options);
    return { fileName: 'result.json', json: '{}' };
  }

  deidentify(
    itemId: string,
    boxes: readonly PictureBox[],
    signal: AbortSignal,
  ): Promise<Outcome<DeidentifiedCopy & { readonly fileName: string }>> {
    this.note('deidentify', itemId, boxes, signal);
    return Promise.resolve(this.copy);
  }

  markPrinted(itemId: string): void {
    this.note('markPrinted', itemId);
  }

  hasUnkept(): boolean {
    return this.state.queue.some((item) => item.state.kind === 'done' && !item.state.result.kept);
  }

  startDownload(): void {
    this.note('startDownload');
  }

  pauseDownload(): void {
    this.note('pauseDownload');
  }

  async install(): Promise<void> {
    this.note('install');
    return Promise.resolve();
  }

  async applyUpdate(): Promise<void> {
    this.note('applyUpdate');
    return Promise.resolve();
  }

  dismissNotice(): void {
    this.note('dismissNotice');
  }

  async stateSitePrevalences(sitePrevalences: SitePrevalences): Promise<void> {
    this.note('stateSitePrevalences', sitePrevalences);
    this.change({ sitePrevalences });
    return Promise.resolve();
  }

  async storageReport(): Promise<StorageReport> {
    if (this.report instanceof Error) throw this.report;
    return Promise.resolve(this.report);
  }

  async removePack(id: string): Promise<void> {
    this.note('removePack', id);
    return Promise.resolve();
  }

  async removeEverything(): Promise<void> {
    this.note('removeEverything');
    return Promise.resolve();
  }

  async ledger(): Promise<readonly LedgerEntry[]> {
    if (this.entries instanceof Error) throw this.entries;
    return Promise.resolve(this.entries);
  }

  refreshModels(): void {
    this.note('refreshModels');
  }

  downloadModel(id: string): void {
    this.note('downloadModel', id);
  }

  pauseModel(id: string): void {
    this.note('pauseModel', id);
  }

  async useModel(id: string): Promise<void> {
    this.note('useModel', id);
    return Promise.resolve();
  }

  async stopUsingModel(id: string): Promise<void> {
    this.note('stopUsingModel', id);
    return Promise.resolve();
  }

  async rollBackModel(id: string): Promise<void> {
    this.note('rollBackModel', id);
    return Promise.resolve();
  }

  async removeModel(id: string): Promise<void> {
    this.note('removeModel', id);
    return Promise.resolve();
  }

  openPackFile(file: File): void {
    this.note('openPackFile', file.name);
  }

  cancelPackFile(): void {
    this.note('cancelPackFile');
  }

  dismissPackFile(): void {
    this.note('dismissPackFile');
  }

  async savePackFile(id: string): Promise<{ readonly fileName: string; readonly blob: Blob } | undefined> {
    this.note('savePackFile', id);
    return Promise.resolve(this.packFile);
  }

  private note(name: string, ...values: readonly unknown[]): void {
    this.calls.push({ name, values });
  }
}
