/**
 * Every message that crosses a thread, in one place.
 *
 *   page ──Comlink──▶ decode worker      DecodeApi      (app/decoding-client.ts → decoding/decode-worker.ts)
 *   page ──Comlink──▶ inference worker   InferenceApi   (app/inference-client.ts → inference/inference-worker.ts)
 *   page ──postMessage + port──▶ service worker   ServiceWorkerRequest → ServiceWorkerReply (app/sw-client.ts → sw/)
 *   service worker ──BroadcastChannel──▶ every page   ServiceWorkerBroadcast
 *
 * Failures cross as `Outcome` values; the reason is in app-error.ts.
 */

import type {
  CornerProposals,
  DisplayImage,
  Explanation,
  ExplanationKind,
  GrayImage,
  ImageSource,
  PhotoChoice,
  PhotoImage,
  PictureLook,
  PictureReading,
  Reading,
} from './analysis.ts';
import type { Outcome, PlainError } from './app-error.ts';
import type { CameraFrame, FrameSigns } from './camera-frame.ts';
import type { DeidentifiedCopy } from './deidentified-copy.ts';
import type { CatalogEntry, PackRole, PackState } from './pack.ts';
import type { PatientLabel } from './patient-label.ts';
import type { PictureBox } from './picture-box.ts';
import type { SitePrevalences } from './site-prevalences.ts';

// Decode worker

export const decodeStages = ['reading', 'hashing', 'decoding', 'preparing'] as const;
export type DecodeStage = (typeof decodeStages)[number];

export interface DecodedFile {
  /** Transferred, not copied. */
  readonly image: GrayImage;
  /** Transferred, not copied. */
  readonly display: DisplayImage;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** Present where the file names somebody. Apart from the picture: it goes to the screen alone. */
  readonly patient?: PatientLabel;
}

/** A picture to look at, in a frame or window of its own; no network sees it. */
export interface SeenPicture {
  /** Transferred, not copied. */
  readonly display: DisplayImage;
  readonly source: ImageSource;
}

/** A photograph, for a person to say where the film is. */
export interface OpenedPhoto {
  /** Transferred, not copied. */
  readonly photo: PhotoImage;
  /** As of a digital original: who rectifies the photograph says what it shows. */
  readonly source: ImageSource;
  readonly proposals: CornerProposals;
}

export function isOpenedPhoto<T extends object>(value: T | OpenedPhoto): value is OpenedPhoto {
  return 'proposals' in value;
}

/** Of an `OpenedPhoto`, what rectifying it takes. */
export type PhotoPixels = Pick<OpenedPhoto, 'photo' | 'source'>;

/** A `.chesterpack` that lies in storage now. */
export interface ImportedPack extends PackKey {
  /** True where exactly this is installed already, and nothing was done. */
  readonly alreadyHere: boolean;
}

export interface PackFileListener {
  /** Bytes of the file that were read. */
  readonly onBytes: (received: number) => void;
  /** Who it is, before any of its files is stored; awaited, so that a download of the same pack can be stopped. */
  readonly onIdentity: (key: PackKey) => Promise<void> | void;
}

export interface DecodeApi {
  /** `file.name` and `file.type` are never believed: formats are found by content. */
  decode(file: Blob, onStage: (stage: DecodeStage) => void, reading?: PictureReading): Promise<Outcome<DecodedFile>>;
  /** A file as what it seems to be: a photograph where a camera or a tint tells so. */
  open(file: Blob, onStage: (stage: DecodeStage) => void): Promise<Outcome<DecodedFile | OpenedPhoto>>;
  /** A photograph in colour, and where its film may be. */
  openPhoto(file: Blob, onStage: (stage: DecodeStage) => void): Promise<Outcome<OpenedPhoto>>;
  /** The same photograph, rectified and grey. `opened`, where it is still at hand, is transferred: nothing is decoded again. */
  rectify(
    file: Blob,
    choice: PhotoChoice,
    onStage: (stage: DecodeStage) => void,
    reading?: PictureReading,
    opened?: PhotoPixels,
  ): Promise<Outcome<DecodedFile>>;
  /** What a frame of the live camera shows. Its image is transferred, and closed there. */
  lookAtFrame(frame: CameraFrame): Promise<Outcome<FrameSigns>>;
  /** The frame as a JPEG file, long side ≤ `maxPhotoSide`. Its image is transferred, and closed there. */
  keepFrame(frame: CameraFrame): Promise<Outcome<Blob>>;
  /** The same file once more, for eyes alone. */
  look(file: Blob, look: PictureLook): Promise<Outcome<SeenPicture>>;
  /** A DICOM file without its patient, with black boxes in every frame where there are any. */
  deidentify(file: Blob, boxes: readonly PictureBox[]): Promise<Outcome<DeidentifiedCopy>>;
  /** One pack in one file, verified and put into storage as `stored`. `known`: the packs whose names are taken. */
  importPack(file: Blob, known: readonly CatalogEntry[], listener: PackFileListener): Promise<Outcome<ImportedPack>>;
}

// Inference worker

export const engineModes = ['threads', 'simd', 'wasm', 'js'] as const;
/** SIMD WASM with our kernels on several threads, SIMD WASM, plain WASM, plain JavaScript. */
export type EngineMode = (typeof engineModes)[number];

/** Builds of our own kernels: `relaxed` fuses multiply and add, `plain` gives the same bits on every device. */
export type KernelFlavour = 'relaxed' | 'plain';

export interface EngineInfo {
  readonly mode: EngineMode;
  /** Threads that really run: 1 unless `mode` is `threads`. */
  readonly threads: number;
  /** Our own kernels, or none: `stock` is tfjs's alone. */
  readonly kernels: KernelFlavour | 'stock';
}

export interface EngineMemory {
  readonly tensors: number;
  /** Bytes of the WASM linear memory, 0 in mode `js`. */
  readonly wasmBytes: number;
}

export interface PackKey {
  readonly id: string;
  readonly version: string;
}

/** How far a pack's answers were from its known ones. */
export interface Proof {
  readonly passed: boolean;
  readonly mode: EngineMode;
  readonly worstLogit: number;
  readonly worstProbability: number;
  /** The known-answer input that was farthest off. */
  readonly worstInput: string;
}

export const inferenceStages = ['gate', 'findings', 'maps'] as const;
export type InferenceStage = (typeof inferenceStages)[number];

export interface AnalyzeOptions {
  /** Also return the pooled features. */
  readonly features?: boolean;
  /** Also return the raw outputs. */
  readonly logits?: boolean;
  /** Also return what the network saw. */
  readonly input?: boolean;
  /** A loaded pack of that role, asked besides the gate. */
  readonly secondOpinion?: PackKey;
  /** A loaded pack of that role, asked before all else. */
  readonly gate?: PackKey;
  /** A loaded pack of that role, which draws lungs and heart. */
  readonly lungs?: PackKey;
  /** Probabilities are stated at these, where the pack is calibrated. */
  readonly prevalences?: SitePrevalences;
}

export interface ExplainRequest {
  /** A finding of the loaded pack. */
  readonly finding: string;
  readonly kind: ExplanationKind;
  /** `Reading.input` of the picture. */
  readonly input: Float32Array<ArrayBuffer>;
}

/** Told the share that is done, 0..1; answers whether to go on. */
export type ExplainProgress = (share: number) => boolean | Promise<boolean>;

export interface InferenceApi {
  /**
   * Start the named mode, or the best one that works here when none is named. Never slower than its own time-out.
   * `threads`: how many, in mode `threads`.
   */
  start(mode?: EngineMode, threads?: number): Promise<Outcome<EngineInfo>>;
  /** Begin to read the pack of the `load` that follows, while the engine starts. What is wrong with it, `load` tells. */
  prefetch(pack: PackKey): Promise<void>;
  /**
   * Load a pack from storage (hashes checked again: bits rot at rest) and make it ready, in place of the one of its role
   * that was loaded before.
   */
  load(pack: PackKey): Promise<Outcome<PackRole>>;
  /** Run the known answers of a loaded pack. A mismatch is a result (`passed: false`), not an error. */
  prove(pack: PackKey): Promise<Outcome<Proof>>;
  /** A throw-away run of the findings network, so that the first real one is warm. Milliseconds it took. */
  warmUp(): Promise<Outcome<number>>;
  analyze(
    image: GrayImage,
    options: AnalyzeOptions,
    onStage: (stage: InferenceStage) => void,
  ): Promise<Outcome<Reading>>;
  /**
   * Explains a finding in detail. Long: it asks between two parts of the work, a run of the network at the most, whether to go
   * on, and is `cancelled` where not.
   */
  explain(pack: PackKey, request: ExplainRequest, onProgress: ExplainProgress): Promise<Outcome<Explanation>>;
  memory(): Promise<Outcome<EngineMemory>>;
}

// Service worker

export type ServiceWorkerRequest =
  | { readonly type: 'get-version' }
  | { readonly type: 'get-shell-state' }
  | { readonly type: 'download-pack'; readonly id: string }
  | { readonly type: 'pause-pack'; readonly id: string }
  | { readonly type: 'skip-waiting' };

export interface ServiceWorkerReplies {
  readonly 'get-version': { readonly appVersion: string; readonly buildId: string };
  /** Whether every precached address of this version is really in the cache. */
  readonly 'get-shell-state': { readonly complete: boolean; readonly missing: readonly string[] };
  /** Answered when the download ended: stored, or why not. Progress is broadcast meanwhile. */
  readonly 'download-pack': Outcome<{ readonly version: string }>;
  readonly 'pause-pack': Outcome<void>;
  readonly 'skip-waiting': Outcome<void>;
}

export type ServiceWorkerBroadcast =
  | {
      readonly type: 'pack-progress';
      readonly id: string;
      readonly version: string;
      readonly receivedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly type: 'pack-state'; readonly id: string; readonly version: string; readonly state: PackState }
  | { readonly type: 'pack-failed'; readonly id: string; readonly error: PlainError };

/** Name of the BroadcastChannel; the scope's address is appended so that two installations on one host stay apart. */
export const broadcastChannelPrefix = 'chester:';

/** Where the manifest's share target posts to, and where it lands; relative to the scope. */
export const shareTargetPath = 'share-target';
export const sharedFilesQuery = 'shared';
