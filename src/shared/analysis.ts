/**
 * The values that an X-ray becomes on its way through the app. Everything here is plain data:
 * it survives `structuredClone`, and `JSON.stringify(analysis)` is the file that people save.
 */

import type { PatientLabel } from './patient-label.ts';
import type { PictureBox } from './picture-box.ts';
import type { Anatomy } from './anatomy.ts';

/** How the picture reached us: a digital original, or a photograph of a film or of a monitor. */
export const inputKinds = ['digital', 'film', 'monitor'] as const;
export type InputKind = (typeof inputKinds)[number];

/**
 * What is left of the colours after the picture became grey; the gate needs them.
 * Chroma of a pixel = (max(R, G, B) − min(R, G, B)) / 255, so 0 is grey and 1 a pure colour.
 */
export interface ColourStatistics {
  /** Mean chroma over all pixels, 0..1. */
  readonly meanChroma: number;
  /** 95th percentile of chroma, 0..1. */
  readonly chroma95: number;
  /** Share of pixels whose chroma exceeds 0.25, 0..1. */
  readonly saturatedShare: number;
}

/** How the values of a DICOM file became grey: the header's own table or window, or a ramp between percentiles. */
export interface VoiFacts {
  readonly kind: 'table' | 'window' | 'percentiles' | 'none';
  /** In the unit of the modality transform. */
  readonly center?: number;
  readonly width?: number;
  readonly function?: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  /** What the file calls it (PS3.3 §C.11.2: LUT Explanation, Window Center & Width Explanation). */
  readonly explanation?: string;
}

/** What of a file is to be read, where it is not the first picture as it is stored. */
export interface PictureReading {
  /** Of a multi-frame DICOM file, 1-based. */
  readonly frame?: number;
  /** Black and white are swapped before anything else sees the picture. */
  readonly inverted?: boolean;
}

/**
 * The same, to be looked at alone: no network of the app ever sees the picture in another window than the first. Who asks the
 * command line for one means it, and `DicomFacts.voi` records it.
 */
export interface PictureLook extends PictureReading {
  /** Which of `DicomFacts.voiOffered`, 0-based; the first where it is not said. */
  readonly voi?: number;
}

/** What a DICOM header says of a picture, and how it was read. Nothing in it names a patient. */
export interface DicomFacts {
  readonly transferSyntax: string;
  readonly transferSyntaxName: string;
  /** The file named none, or one that its content contradicts. */
  readonly transferSyntaxGuessed?: boolean;
  readonly photometric: string;
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly viewPosition?: string;
  readonly patientAgeYears?: number;
  readonly presentationIntent?: string;
  /** Absent: the file does not say. */
  readonly burnedInAnnotation?: boolean;
  /** Present where the picture was ever compressed with loss; `ratio` is the largest that is stated. */
  readonly lossy?: { readonly ratio?: number };
  readonly voi: VoiFacts;
  /** Tables and windows to choose from. */
  readonly voiChoices: number;
  /** What they are, the one that the network sees first; present where there are several. */
  readonly voiOffered?: readonly VoiFacts[];
  /** 1-based. */
  readonly frame: number;
  readonly frames: number;
  /** Version of the way from stored values to grey. */
  readonly pipeline: number;
}

/** Where the pixels of a `GrayImage` came from. */
export interface ImageSource {
  readonly kind: 'dicom' | 'raster' | 'photo';
  readonly inputKind: InputKind;
  /** The format found by content: `png`, `jpeg`, `webp`, … */
  readonly format: string;
  /** Size as stored in the file, after EXIF orientation, before any reduction. Pixels. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** EXIF orientation 1..8 that was undone; 1 = none. (TIFF 6.0 / EXIF 2.32, tag 0x0112) */
  readonly orientation: number;
  /** Bits a sample in the file. */
  readonly bitsPerSample: number;
  /** Absent where the file had no colours to begin with. */
  readonly colour?: ColourStatistics;
  /** True where a file holds several pictures and only the first was read. */
  readonly firstOfSeveral?: boolean;
  /** True where a person asked for black and white to be swapped, and the network saw the picture so. */
  readonly inverted?: boolean;
  /** Present where `kind` is `dicom`. */
  readonly dicom?: DicomFacts;
  /** Present where `kind` is `photo`. */
  readonly photo?: PhotoFacts;
}

/** Where a film may be in a photograph. */
export interface CornerProposal {
  /** In pixels of the photograph. */
  readonly corners: Corners;
  /** What it and the candidates right beside it were given of all, 0..1: how sure it is that the film lies here. */
  readonly share: number;
  /** The whole picture: nothing but the film is in it. */
  readonly isWholePicture: boolean;
  /** What it looks like, for a person to confirm; absent where nothing is seen around it. */
  readonly inputKind?: PhotoChoice['inputKind'];
}

/** Likeliest first; there is always one, the whole picture if nothing else. */
export type CornerProposals = readonly [CornerProposal, ...CornerProposal[]];

/** What a person, or the command line, said of a photograph. */
export interface PhotoChoice {
  readonly corners: Corners;
  readonly placedBy: PhotoFacts['placedBy'];
  readonly inputKind: Exclude<InputKind, 'digital'>;
}

/** How a photograph became a `GrayImage`. */
export interface PhotoFacts {
  /** Size of the photograph that `corners` refer to: upright, long side ≤ 2,048. */
  readonly width: number;
  readonly height: number;
  /** Corners that the picture was rectified by. */
  readonly corners: Corners;
  /** Who placed them: found by the app, moved by a person, or the whole picture (already cropped). */
  readonly placedBy: 'app' | 'person' | 'whole-picture';
  /** What the checks of the photograph found; part of the gate's reasons. */
  readonly reasons: readonly Reason[];
}

/**
 * One grey picture: `data` row-major, `width * height` values in 0..1,
 * MONOCHROME2: bright = dense (bone is white).
 */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array<ArrayBuffer>;
  readonly source: ImageSource;
}

/** A colour photograph before rectification; RGBA, 8 bits, row-major, long side ≤ 2,048. */
export interface PhotoImage {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A point of a photograph in its pixels: pixel i covers [i, i + 1). */
export interface PhotoPoint {
  readonly x: number;
  readonly y: number;
}

/** Corners of a film or of the image on a monitor, clockwise from the top left of what is shown; they may lie a little outside. */
export type Corners = readonly [PhotoPoint, PhotoPoint, PhotoPoint, PhotoPoint];

/** The picture as a person looks at it: 8-bit grey, row-major, long side bounded. */
export interface DisplayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Reason codes, in the order in which they are shown within one severity. */
export const reasonCodes = [
  'not-an-xray',
  'other-body-part',
  'other-modality',
  'lateral',
  'child',
  'inverted',
  'rotated-90',
  'rotated-180',
  'rotated-270',
  'mirrored',
  'cut-off',
  'tilted',
  'blurred',
  'glare',
  'moire',
  'under-exposed',
  'over-exposed',
  'low-resolution',
  'burned-in-text',
  'far-from-training',
  'header-for-processing',
  'header-modality',
  'header-body-part',
  'header-age',
  'lossy-history',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export type Severity = 'refuse' | 'warn' | 'info';

export interface Reason {
  readonly code: ReasonCode;
  readonly severity: Severity;
  /** What was measured, in the unit that the reason's code implies; see docs/user-guide.md. */
  readonly value?: number;
  /** The limit that `value` was compared with. */
  readonly threshold?: number;
  /** Who said it, where it was not the gate itself: a pack, `chester-ae@1.0.0`. */
  readonly source?: string;
}

/** How well an autoencoder of chest X-rays could redraw the picture. */
export interface SecondOpinion {
  /** `id@version`. */
  readonly pack: string;
  /** Mean structural similarity of picture and reconstruction, −1..1. */
  readonly similarity: number;
  /** Mean absolute difference, in units of the pack's input range. */
  readonly reconstructionError: number;
  /** At or below this similarity the picture is refused. */
  readonly refuseAtSimilarity: number;
}

export type GateVerdict = 'pass' | 'warn' | 'refuse';

export interface Gate {
  readonly verdict: GateVerdict;
  readonly reasons: readonly Reason[];
  /** Present when a person chose "Analyse anyway". `at` is ISO 8601. */
  readonly overridden?: { readonly codes: readonly ReasonCode[]; readonly at: string };
  /** Present where a pack of that role is in use. */
  readonly secondOpinion?: SecondOpinion;
}

export type Band = 'above' | 'unsure' | 'below';
export const grades = ['strong', 'fair', 'weak', 'unmeasured'] as const;
export type Grade = (typeof grades)[number];

export interface FindingScore {
  /** One of `findingIds`. */
  readonly id: string;
  /** The network's sigmoid, 0..1. Not a probability of disease. */
  readonly score: number;
  /** The calibrated value at `prevalence`; equal to `score` where `calibrated` is false. */
  readonly probability: number;
  readonly calibrated: boolean;
  /** The share of patients with the finding at which `probability` is stated, 0..1. */
  readonly prevalence?: number;
  /** 95 % interval of `probability`. */
  readonly interval?: readonly [number, number];
  /** Threshold on `score`. */
  readonly operatingPoint: number;
  /** The ends of "can't tell" on `score`: below `[0]` is below, above `[1]` is above. */
  readonly unsureRange: readonly [number, number];
  readonly band: Band;
  readonly grade: Grade;
}

/** A map of one finding: row-major, in logit units; mean + bias = the finding's logit. */
export interface FindingMap {
  readonly width: number;
  readonly height: number;
  readonly values: number[];
}

/**
 * Ways to explain a finding beyond its map. `gradient`: how much the score would change with each pixel (Simonyan et al., arXiv
 * 1312.6034). `occlusion`: how much it falls where the picture is covered (Zeiler & Fergus, arXiv 1311.2901, §4.2).
 */
export const explanationKinds = ['gradient', 'occlusion'] as const;
export type ExplanationKind = (typeof explanationKinds)[number];

/** A finding explained in detail; its map lies on the same field as the finding's. */
export interface Explanation {
  readonly kind: ExplanationKind;
  /** One of `findingIds`. */
  readonly finding: string;
  /** Gradient: 0..1 of the strongest place. Occlusion: logits by which the finding falls when that place is covered. */
  readonly map: FindingMap;
}

/** What the inference worker knows of one image; `app` and the command line add identity and time. */
export interface Reading {
  readonly gate: Gate;
  readonly findings: readonly FindingScore[];
  readonly maps: Readonly<Record<string, FindingMap>>;
  /** Lines of writing that were found in the picture. */
  readonly textBoxes?: readonly PictureBox[];
  /** Present where a lungs pack is in use. */
  readonly anatomy?: Anatomy;
  /** Pooled features of the findings network; absent unless asked for. */
  readonly features?: number[];
  /** The network's raw outputs in the pack's order; absent unless asked for. */
  readonly logits?: number[];
  /** What the findings network saw, row-major, in its range: explanations begin with it. Absent unless asked for. */
  readonly input?: Float32Array<ArrayBuffer>;
  /** Milliseconds a stage. */
  readonly timings: Readonly<Record<string, number>>;
  /** Pack id → pack version. */
  readonly packs: Readonly<Record<string, string>>;
  /** Which set of operating points was used, e.g. `pocket@1.0.0`. */
  readonly thresholds: string;
  /**
   * The part of the picture that the network saw, in pixels of the `GrayImage`:
   * maps are drawn onto this rectangle.
   */
  readonly field: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The picture that was analysed. */
export interface AnalyzedImage {
  readonly name: string;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** Size of the `GrayImage`, in pixels: maps and `field` refer to it. */
  readonly width: number;
  readonly height: number;
  readonly source: ImageSource;
}

/** One finished analysis. As JSON it is exactly this (`maps` only when asked for). */
export interface Analysis {
  readonly id: string;
  /** ISO 8601 with time zone. */
  readonly createdAt: string;
  readonly label?: string;
  readonly image: AnalyzedImage;
  /** Who the DICOM file says it is of; only when asked for. */
  readonly patient?: PatientLabel;
  readonly gate: Gate;
  readonly findings: readonly FindingScore[];
  /** Lungs, heart and their ratio; absent where no pack draws them. */
  readonly anatomy?: Anatomy;
  /** Raw outputs in the pack's order; only from the command line's `--logits`. */
  readonly logits?: readonly number[];
  readonly maps?: Readonly<Record<string, FindingMap>>;
  /** Those that a person asked for on the screen; only with `maps`. */
  readonly explanations?: readonly Explanation[];
  readonly field: Reading['field'];
  readonly timings: Readonly<Record<string, number>>;
  readonly versions: {
    readonly app: string;
    readonly packs: Readonly<Record<string, string>>;
    readonly thresholds: string;
  };
}
