/**
 * What the screens see of the app: one state, read-only, and the things a person can ask for.
 * `ui/` draws `AppState` and calls `AppActions`; everything behind them is in this folder.
 */

import type {
  Analysis,
  DisplayImage,
  Explanation,
  ExplanationKind,
  FindingMap,
  PhotoChoice,
  PictureLook,
  PictureReading,
  ReasonCode,
} from '../shared/analysis.ts';
import type { Outcome, PlainError } from '../shared/app-error.ts';
import type { DecodeStage, EngineInfo, InferenceStage, OpenedPhoto, SeenPicture } from '../shared/messages.ts';
import type { DeidentifiedCopy } from '../shared/deidentified-copy.ts';
import type { RatioLines } from '../shared/anatomy.ts';
import type { FindingsManifest, PackManifest, PackState } from '../shared/pack.ts';
import type { PatientLabel } from '../shared/patient-label.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import type { CameraSession } from './camera-session.ts';
import type { ExportOptions } from './export-json.ts';
import type { SitePrevalences } from '../shared/site-prevalences.ts';
import type { ModelActions, ModelLibrary, PackArrival } from './model-library.ts';

/** What this browser lacks; each has one sentence and what to open instead. */
export type MissingCapability =
  | 'secure-context'
  | 'in-app-browser'
  | 'webassembly'
  | 'service-worker'
  | 'indexed-db'
  | 'private-window'
  | 'module-worker';

export type Capability =
  | { readonly kind: 'checking' }
  | { readonly kind: 'ok' }
  | { readonly kind: 'missing'; readonly what: MissingCapability };

/** Whether the app can work with the network gone; `ready` only when that was checked. */
export type OfflineStatus =
  | { readonly kind: 'checking' }
  /** Not begun: the person has not agreed to the download yet. */
  | { readonly kind: 'needs-download'; readonly totalBytes: number }
  | PackArrival
  | { readonly kind: 'ready' };

export type InstallStatus =
  | { readonly kind: 'unavailable' }
  /** The browser offers it: a click may call `install()`. */
  | { readonly kind: 'offered' }
  /** iOS and iPadOS: only by hand, from the share menu. */
  | { readonly kind: 'by-hand-ios' }
  | { readonly kind: 'installed' };

export type UpdateStatus =
  | { readonly kind: 'none' }
  /** A new version waits; `busy` while an analysis runs, when it is not offered. */
  | { readonly kind: 'waiting'; readonly busy: boolean }
  | { readonly kind: 'applying' };

export type WorkStage = 'queued' | DecodeStage | 'starting-engine' | 'proving' | InferenceStage;

/** A finished result: what is saved (`analysis`) and what is only looked at. */
export interface Result {
  readonly analysis: Analysis;
  readonly display: DisplayImage;
  readonly maps: Readonly<Record<string, FindingMap>>;
  /** Lines of writing that were found in the picture: where black boxes are offered. */
  readonly textBoxes?: readonly PictureBox[];
  /** Who the file says it is of: for the screen, and for a saved file when asked for. */
  readonly patient?: PatientLabel;
  /** The findings pack that answered. */
  readonly pack: FindingsManifest;
  readonly engine: EngineInfo;
  /** Present for the built-in synthetic example: the findings that were drawn in. */
  readonly synthetic?: { readonly drawnFindings: readonly string[] };
  /** True once it was printed or saved since the last change; unsaved results are asked about. */
  readonly kept: boolean;
}

export type QueueItemState =
  | { readonly kind: 'working'; readonly stage: WorkStage }
  /** A photograph waits for a person to say where its film is. `recognised`: nobody said that it is one. */
  | ({ readonly kind: 'corners'; readonly recognised: boolean } & OpenedPhoto)
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'cancelled' };

/** A finding of a result that is being explained in detail, or was. */
export interface ExplanationEntry {
  readonly finding: string;
  readonly kind: ExplanationKind;
  readonly state:
    /** `share` that is done, 0..1. */
    | { readonly kind: 'working'; readonly share: number }
    | { readonly kind: 'done'; readonly explanation: Explanation }
    | { readonly kind: 'failed'; readonly error: PlainError };
}

export interface QueueItem {
  readonly id: string;
  /** The file's name, cleaned for showing. */
  readonly name: string;
  /** The name until the person types another. */
  readonly label: string;
  readonly state: QueueItemState;
  /** Which picture of the file is read, where it is not the first as it is stored. */
  readonly reading?: PictureReading;
  /** Of its result, at the most one a finding and kind; absent until something was asked for. */
  readonly explanations?: readonly ExplanationEntry[];
}

export interface StoredPack {
  readonly id: string;
  readonly version: string;
  readonly state: PackState;
  readonly bytes: number;
  readonly manifest?: PackManifest;
}

export interface StorageReport {
  readonly packs: readonly StoredPack[];
  /** The app itself: what the service worker's cache holds. */
  readonly appBytes: number;
  readonly usageBytes?: number;
  readonly quotaBytes?: number;
  /** Whether the browser promised not to clear it by itself. */
  readonly persisted: boolean;
}

/** One line of the ledger: every request that went to the network. */
export interface LedgerEntry {
  readonly method: string;
  /** Relative to the app's root where it lies there, else the whole address. */
  readonly address: string;
  readonly count: number;
  /** ISO 8601. */
  readonly lastAt: string;
  readonly sameOrigin: boolean;
}

/** Something that happened and needs a sentence once. */
export type Notice =
  /** The page was killed while the camera was open; offer the picker. */
  | { readonly kind: 'camera-interrupted' }
  | { readonly kind: 'not-persisted' }
  | { readonly kind: 'updated'; readonly version: string }
  | { readonly kind: 'error'; readonly error: PlainError };

export interface AppState {
  readonly version: string;
  readonly capability: Capability;
  /** Not for medical use: accepted on this device. `undefined` while storage is being asked. */
  readonly accepted: boolean | undefined;
  readonly online: boolean;
  readonly offline: OfflineStatus;
  readonly install: InstallStatus;
  readonly update: UpdateStatus;
  /** Newest last. */
  readonly queue: readonly QueueItem[];
  readonly notice: Notice | undefined;
  /** `loading` until the first `refreshModels`. */
  readonly models: ModelLibrary;
  /** How common findings are here, as somebody stated on this device. */
  readonly sitePrevalences: SitePrevalences;
}

/** What a person can ask for. None of these throws: what fails becomes state. */
export interface AppActions {
  acceptNotForMedicalUse(): Promise<void>;
  /** Files from picker, drop or paste, in order. `origin: 'camera'` for a photograph just taken. */
  open(files: readonly File[], origin?: 'files' | 'camera'): void;
  openExample(): void;
  /** Whether there is a live camera to open; asks the person nothing. */
  hasCamera(): Promise<boolean>;
  /** A visit to the live camera; the photograph that it takes is opened as `open` does with `origin: 'camera'`. Close it. */
  openCamera(): Promise<CameraSession>;
  /** Call right before the camera input opens, so that a killed page can be told from a new visit. */
  cameraOpening(): void;
  cameraClosed(): void;
  cancel(itemId: string): void;
  cancelAll(): void;
  /** Run a failed or cancelled item again. */
  retry(itemId: string): void;
  /** Take an item off the list; the caller has asked first where `hasUnkept` says so. */
  dismiss(itemId: string): void;
  setLabel(itemId: string, label: string): void;
  /** The person saw the gate's refusal and wants the findings all the same; recorded in the analysis. */
  analyzeAnyway(itemId: string, codes: readonly ReasonCode[]): void;
  /** Reads another frame of an item's file, or it with black and white swapped, as an item of its own; recorded in its analysis. */
  analyzeAs(itemId: string, reading: PictureReading): void;
  /** An item's file in another frame or window, to look at: no network sees it. Resolves with what went wrong, too. */
  lookAt(itemId: string, look: PictureLook): Promise<Outcome<SeenPicture>>;
  /** Explain a finding of a result in detail, where that is not done or on its way; what was on its way for this item ends. */
  explain(itemId: string, finding: string, kind: ExplanationKind): void;
  cancelExplanation(itemId: string): void;
  /** The person moved the lines of the cardiothoracic ratio, or (`undefined`) wants them as they were measured; recorded in the analysis. */
  setRatioLines(itemId: string, lines: RatioLines | undefined): void;
  /** Read an item that is done or failed anew, as a photograph of a film or a monitor. */
  treatAsPhoto(itemId: string): void;
  /** Where the film is; without a choice: the picture is no photograph. */
  placeCorners(itemId: string, choice: PhotoChoice | undefined): void;
  /** JSON of an analysis, and its file name. Marks it kept. */
  exportJson(itemId: string, options: ExportOptions): { readonly fileName: string; readonly json: string } | undefined;
  /** A copy of an item's DICOM file without its patient, and its file name. Keeps the picture, not the result. */
  deidentify(
    itemId: string,
    boxes: readonly PictureBox[],
    signal: AbortSignal,
  ): Promise<Outcome<DeidentifiedCopy & { readonly fileName: string }>>;
  markPrinted(itemId: string): void;
  hasUnkept(): boolean;
  startDownload(): void;
  pauseDownload(): void;
  install(): Promise<void>;
  applyUpdate(): Promise<void>;
  dismissNotice(): void;
  /** All that is stated; kept, and used from the next X-ray on. */
  stateSitePrevalences(prevalences: SitePrevalences): Promise<void>;
  storageReport(): Promise<StorageReport>;
  removePack(id: string): Promise<void>;
  /** Everything this app keeps on this device: packs, settings, caches, the service worker. Ends with a reload. */
  removeEverything(): Promise<void>;
  ledger(): Promise<readonly LedgerEntry[]>;
}

export interface ChesterApp extends AppActions, ModelActions {
  readonly state: AppState;
  /** Calls `listener` after every change; returns how to stop it. */
  subscribe(listener: () => void): () => void;
}
