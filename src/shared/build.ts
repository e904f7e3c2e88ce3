/**
 * What `build.mjs` knows and code needs: versions, and the hashed names of files that are opened by address.
 * The constants are replaced by esbuild's `define`; where nothing is replaced (Node running the sources) the fallbacks hold.
 */

import type { CatalogEntry } from './pack.ts';

declare const CHESTER_APP_VERSION: string | undefined;
declare const CHESTER_BUILD_ID: string | undefined;
declare const CHESTER_ASSETS: BuildAssets | undefined;
declare const CHESTER_OWN_PACKS: readonly CatalogEntry[] | undefined;

/** Addresses relative to the app's root (the folder of index.html). */
export interface BuildAssets {
  readonly decodeWorker: string;
  readonly inferenceWorker: string;
  /** The script that the other threads of our kernels run. */
  readonly kernelHelper: string;
  readonly tfjsWasm: string;
  readonly tfjsWasmSimd: string;
  /** Our own kernels in two builds, each for one thread and for a memory that threads share. */
  readonly kernelsPlain: string;
  readonly kernelsRelaxed: string;
  readonly kernelsPlainShared: string;
  readonly kernelsRelaxedShared: string;
  readonly jpegDecoderWasm: string;
  readonly jpegLsDecoderWasm: string;
  readonly jpeg2000DecoderWasm: string;
  readonly htj2kDecoderWasm: string;
}

export const appVersion: string = typeof CHESTER_APP_VERSION === 'undefined' ? 'source' : CHESTER_APP_VERSION;

/** Changes with every build whose files differ. */
export const buildId: string = typeof CHESTER_BUILD_ID === 'undefined' ? 'source' : CHESTER_BUILD_ID;

/** What `models/catalog.json` said when this app was built: its own packs are known without any network. */
export const ownPacks: readonly CatalogEntry[] = typeof CHESTER_OWN_PACKS === 'undefined' ? [] : CHESTER_OWN_PACKS;

export function buildAssets(): BuildAssets {
  if (typeof CHESTER_ASSETS === 'undefined')
    throw new Error('built assets are only known in a bundle made by build.mjs');
  return CHESTER_ASSETS;
}
