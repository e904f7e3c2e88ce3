/** What the Models screen sees and can ask for: the networks on this device and those that this site offers. */

import type { PlainError } from '../shared/app-error.ts';
import type { PackDifference } from '../shared/diff-packs.ts';
import type { PackManifest, PackRole } from '../shared/pack.ts';

/** Whose weights a pack holds, as far as this device can tell. */
export type ModelOrigin =
  /** Comes with this app. */
  | 'embedded'
  /** Made of files that had their published digests. */
  | 'published'
  /** Offered by this site, but made of weights that nobody could verify. */
  | 'unverified'
  /** Brought in a file that neither this app nor this site knows; its id begins with `local/`. */
  | 'unknown';

export interface ModelVersion {
  readonly version: string;
  /** Bytes on the device, or of the download. */
  readonly bytes: number;
  /** Absent where only the catalog's line is known. */
  readonly manifest?: PackManifest;
}

/** How a pack comes to this device. */
export type PackArrival =
  | {
      readonly kind: 'downloading';
      readonly receivedBytes: number;
      readonly totalBytes: number;
      readonly secondsLeft?: number;
    }
  | {
      readonly kind: 'paused';
      readonly receivedBytes: number;
      readonly totalBytes: number;
      readonly error?: PlainError;
    }
  | { readonly kind: 'proving' }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** What goes on with a model right now. */
export type ModelActivity = { readonly kind: 'none' } | PackArrival;

export interface Model {
  readonly id: string;
  readonly role: PackRole | undefined;
  readonly origin: ModelOrigin;
  /** The version that answers when this model is used; absent where it is only offered or on its way. */
  readonly installed?: ModelVersion;
  /** True where it is the one that answers for its role. */
  readonly inUse: boolean;
  /** The version before an update, kept for going back. */
  readonly previous?: ModelVersion;
  /** What the site offers and is not here: another version, or all of it. */
  readonly offered?: ModelVersion;
  /** What changed from `previous` to `installed`. */
  readonly difference?: PackDifference;
  readonly activity: ModelActivity;
}

/** A `.chesterpack` on its way in. */
export type PackFileStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly fileName: string; readonly receivedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'proving'; readonly fileName: string; readonly id: string }
  | {
      readonly kind: 'done';
      readonly fileName: string;
      readonly id: string;
      readonly version: string;
      /** Exactly this was here before, and nothing was done. */
      readonly alreadyHere?: true;
    }
  | { readonly kind: 'failed'; readonly fileName: string; readonly error: PlainError };

export type ModelLibrary =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'ready';
      readonly models: readonly Model[];
      /** Why the site's catalogue could not be read; what is on the device is listed all the same. */
      readonly catalogError?: PlainError;
      readonly packFile: PackFileStatus;
    };

/** None of these throws: what fails becomes state. */
export interface ModelActions {
  /** Looks at the storage and at the site's catalogue. */
  refreshModels(): void;
  /** Brings in what the site offers of this model: all of it, or its update. */
  downloadModel(id: string): void;
  pauseModel(id: string): void;
  /** This model answers for its role from the next X-ray on. */
  useModel(id: string): Promise<void>;
  /** A second opinion that is not wanted any more; findings always need a model. */
  stopUsingModel(id: string): Promise<void>;
  /** The version before the update answers again; the newer one is removed. */
  rollBackModel(id: string): Promise<void>;
  removeModel(id: string): Promise<void>;
  /** A `.chesterpack` from the picker, drop, share target or file handler. */
  openPackFile(file: File): void;
  cancelPackFile(): void;
  dismissPackFile(): void;
  /** One file that holds the installed version, for another device; `undefined` where it failed (a notice says why). */
  savePackFile(id: string): Promise<{ readonly fileName: string; readonly blob: Blob } | undefined>;
}
