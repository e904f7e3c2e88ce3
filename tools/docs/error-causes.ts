/** What leads to each error, for docs/errors.md. The sentences for people are in src/ui/error-text.ts. */

import type { ErrorCode } from '../../src/shared/app-error.ts';

export const errorCauses: Readonly<Record<ErrorCode, string>> = {
  'file-empty': 'The file has no bytes: a copy that failed, or a placeholder of a cloud folder.',
  'file-too-large': 'The file exceeds the limit in `src/shared/limits.ts`; it is refused before it is read.',
  'file-unreadable':
    'The browser could not read the bytes: the card was taken out, permission was withdrawn, or the file changed.',
  'file-is-folder': 'A folder was dropped or passed; browsers hand it over as a file that cannot be read.',
  'format-unknown': 'The first bytes match no format; names and MIME types are never believed.',
  'format-unsupported':
    'The format is known, but this browser (or this version of the app) has no decoder for it, such as TIFF or 12-bit JPEG.',
  'format-heic': 'HEIC (HEVC in an ISO media file): browsers that have no licence for HEVC cannot decode it.',
  'format-is-text': 'The bytes are text or HTML, whatever the name says.',
  'format-is-svg': 'SVG is a program as much as a picture; it is never opened.',
  'format-is-archive':
    'The bytes are a ZIP, gzip, 7z, RAR or tar archive; a ZIP whose first entry is `pack.json` is a model and opened as one.',
  'image-too-large': 'The header declares more pixels than `maxDeclaredPixels`; nothing was allocated.',
  'image-truncated': 'The data end before the picture does.',
  'image-corrupt': 'The decoder met data that the format does not allow.',
  'image-cmyk': 'A JPEG with four colour components.',
  'dicom-no-image': 'The DICOM file has no Pixel Data element (7FE0,0010).',
  'dicom-no-frame': 'A frame was asked for that Number of Frames (0028,0008) does not have.',
  'dicom-unsupported':
    'The details name the feature: a transfer syntax, a photometric interpretation, float pixel data, a JPEG process. docs/dicom-conformance.md lists what is read.',
  'dicom-too-complex':
    'A cap of `src/shared/limits.ts` was met: nesting of sequences, number of elements, or bytes after inflating.',
  'needs-browser': 'The command line decodes PNG, JPEG and DICOM itself; other formats only a browser decodes.',
  'decode-timeout': 'The decode worker did not answer within `decodeTimeoutMs` and was ended.',
  'decode-out-of-memory': 'The decode worker ran out of memory (a RangeError or a WebAssembly abort) and was ended.',
  'decode-crashed': 'The decode worker ended by itself, or its script could not be loaded.',
  'engine-start-failed': 'No backend (threads, SIMD, WASM, JavaScript) could be started.',
  'engine-timeout': 'The inference worker did not answer in time and was ended.',
  'engine-out-of-memory': 'WebAssembly memory could not grow.',
  'engine-crashed': 'The inference worker ended by itself; it has been started again.',
  'known-answer-mismatch':
    'The answers to the known inputs differ by more than the tolerance in `golden.json`: a broken browser, driver, processor or pack.',
  'wrong-output': 'The network returned values that are not finite, or of another shape than its manifest says.',
  'gradient-unavailable':
    'The browser has no WebAssembly with SIMD, or the network holds an operation whose way back `src/inference/kernels/plan-gradient.ts` does not know.',
  'pack-missing': 'No installed pack for this task: never downloaded, removed, or storage was cleared by the browser.',
  'pack-invalid': 'The manifest does not follow `models/pack.schema.json`, or names files that are not there.',
  'pack-version-unknown': 'The format version of the manifest is newer than this app.',
  'pack-hash-mismatch': 'A downloaded file does not have the SHA-256 that its manifest states.',
  'pack-damaged': 'A stored file no longer has its SHA-256: bits rot, or a write was cut off.',
  'pack-file-invalid':
    'The `.chesterpack` is cut off, holds what its `pack.json` does not list or other bytes than it states, or is a zip of another kind than ours. The details say which (`PackFileFault` in `src/storage/archive/`).',
  'pack-name-reserved':
    'The file uses an embedded or published id, and its `pack.json` is none that the catalogue or the app names (`src/shared/pack-identity.ts`). A higher version makes no difference.',
  'pack-same-version':
    'A version is one content. The file has the id and version of a pack that is here, and another `pack.json`.',
  'pack-in-use': 'The only findings pack that could answer was to be removed on the Models screen.',
  'pack-replaced':
    'The chosen pack was damaged at rest, failed its known answers or was removed; the choice was taken back.',
  'catalog-invalid': '`models/catalog.json` is not what this app expects: an older or broken deployment.',
  'download-failed': 'The network failed, the server answered with an error, or the connection was cut off.',
  'download-not-the-file': 'A captive portal, a proxy or a wrong server answered with a page of another type.',
  'storage-unavailable': 'IndexedDB cannot be opened: private window, blocked site data, or a policy.',
  'storage-full': 'The quota is used up (QuotaExceededError).',
  'storage-failed': 'A transaction was aborted by the browser.',
  'storage-newer-version':
    'The database has a higher version than this app knows: an older version of the app was opened.',
  'service-worker-failed':
    'The service worker could not be registered or installed: private window, plain HTTP, or a file of the shell is missing on the server.',
  'service-worker-silent': 'The service worker did not answer a message in time.',
  'camera-interrupted': 'The system ended the page to free memory for the camera app.',
  cancelled: 'A person pressed Cancel, or the work was replaced by other work.',
  'wrong-usage':
    'Unknown or contradictory options of the command line; exit code 2. In a file’s line: it has no such window.',
  unexpected: 'A fault in the app. The details name what was thrown.',
};
