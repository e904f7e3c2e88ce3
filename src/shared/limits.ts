/** Hard caps against hostile or hopeless input (docs/errors.md names the error of each). */

/** Larger files are refused before they are read. */
export const maxFileBytes = 150e6;
/** Pixels declared in the header; read before anything is allocated. */
export const maxDeclaredPixels = 64e6;
/** Decoded pictures are reduced to this before they go on. */
export const maxLongSide = 4096;
/** iOS refuses canvases beyond 16.7 megapixels (WebKit, 4096 × 4096). */
export const maxArea = 4096 * 4096;
/** The copy that people look at. */
export const maxDisplaySide = 1536;
/** A decoder that has not answered by then is taken for hung and its worker ended. */
export const decodeTimeoutMs = 20_000;
/** Text from a file that is ever shown. */
export const maxShownTextLength = 256;
/** Shards are small enough for iOS's IndexedDB and to lose little when a download breaks. */
export const maxShardBytes = 512 * 1024;
/** A manifest of 18 findings and 600 tensors has some 100 KB; a larger one than this is none. */
export const maxManifestBytes = 4 * 1024 * 1024;
/** DICOM: sequences within sequences, elements in a file (items and fragments count), bytes after inflating. */
export const maxDicomNesting = 16;
export const maxDicomElements = 100_000;
export const maxInflatedBytes = 256e6;
/** A photograph is kept in colour until its corners are known; so large it still gives a film 1,500 pixels. */
export const maxPhotoSide = 2048;
