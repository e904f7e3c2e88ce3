/** The pack format, version 2. `models/README.md` tells it in words, `models/pack.schema.json` checks it. */

import type { Grade, InputKind } from './analysis.ts';

/** What tools write. Version 2 added calibration and reference prevalence; what version 1 can say means the same in both. */
export const packFormatVersion = 2;
/** What this app reads. */
export const knownFormatVersions = [1, packFormatVersion] as const;

/** The manifest's name in a pack's folder, archive and storage. */
export const manifestPath = 'pack.json';

/** One pack in one file: a zip whose first entry is the manifest (docs/decisions/0012). */
export const packFileExtension = '.chesterpack';
export const packFileType = 'application/x-chesterpack';

/**
 * `findings`: scores and maps of findings. `gate`: what kind of picture it is, and how it lies. `lungs`: masks of both lungs and of
 * the heart. `second-opinion`: an autoencoder that says how well it can redraw a picture, beside the gate's own reasons.
 */
export const packRoles = ['findings', 'gate', 'lungs', 'second-opinion'] as const;
export type PackRole = (typeof packRoles)[number];

export interface PackFile {
  /** Relative to the pack's folder; no `..`, no leading slash. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal, lower case. */
  readonly sha256: string;
}

export const inputGeometries = ['resize-crop', 'crop-resize', 'squash'] as const;
export type InputGeometry = (typeof inputGeometries)[number];

/** What the network wants to see. */
export interface PackInput {
  readonly width: number;
  readonly height: number;
  readonly channels: 1;
  /**
   * `crop-resize`: centre square first, then resize. `resize-crop`: short side to size, then centre square.
   * `squash`: the whole picture, whatever its aspect.
   */
  readonly geometry: InputGeometry;
  /** A `GrayImage` value v of 0..1 becomes `low + v · (high − low)`. */
  readonly range: readonly [low: number, high: number];
}

/**
 * How a threshold was chosen. `youden`: largest sensitivity + specificity. `sensitivity`: the stated one. `half`: 0.5, because
 * nobody states any.
 */
export const operatingPointRules = ['youden', 'sensitivity', 'half'] as const;

export interface OperatingPoint {
  /** Threshold on the score (sigmoid), 0..1. */
  readonly score: number;
  readonly rule: (typeof operatingPointRules)[number];
  /** Sensitivity measured at `score`, where it is known. */
  readonly sensitivity?: number;
  readonly specificity?: number;
  /** 5th and 95th percentile of the operating point over bootstraps by patient; absent: ± 15 % of its odds. */
  readonly unsureRange?: readonly [number, number];
}

/**
 * Logistic recalibration (Platt 1999; Cox 1958): at `samplePrevalence` the finding's log-odds are
 * `slope · logit + intercept`, where `logit` is the network's raw output.
 */
export interface Calibration {
  /** 0 where the network does not tell patients apart: then every patient has the prevalence. */
  readonly slope: number;
  readonly intercept: number;
  /** Share of images with the finding among those that it was fitted on, strictly between 0 and 1. */
  readonly samplePrevalence: number;
  /** Of the fit, robust to several images of one patient: [var(slope), cov(slope, intercept), var(intercept)]. */
  readonly covariance?: readonly [slope: number, both: number, intercept: number];
}

export interface PackFinding {
  readonly id: string;
  readonly operatingPoints: { readonly digital: OperatingPoint } & Readonly<Partial<Record<InputKind, OperatingPoint>>>;
  readonly auc?: {
    readonly value: number;
    readonly interval95: readonly [number, number];
    readonly positives: number;
    readonly testSet: string;
  };
  /** What the network's publisher states, where nobody measured it here; shown with its source. */
  readonly publishedAuc?: { readonly value: number; readonly testSet: string; readonly source: string };
  readonly grade: Grade;
  /** By kind of input. A kind without one has scores and no probabilities: colours and edges of a photograph shift them. */
  readonly calibration?: Readonly<Partial<Record<InputKind, Calibration>>>;
  /** The share of patients at which probabilities are stated until a site states its own, and where it is from. */
  readonly referencePrevalence?: { readonly value: number; readonly source: string };
  /** Added to the mean of the finding's map to give its logit. */
  readonly bias: number;
}

export const weightTypes = ['float32', 'float16', 'int32', 'uint8', 'uint16', 'int8'] as const;
export type WeightType = (typeof weightTypes)[number];

/** One tensor in the concatenated shards, in order; names are nodes of `model.json`. All numbers are little-endian. */
export interface PackWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * `int32`: numbers that steer the graph (axes, paddings), never pixels.
   * `uint8`, `uint16`: value = min + scale · stored, one pair a tensor (`quantization`), as tfjs-converter writes them.
   * `int8`: value = stored · scale[channel]; the float16 scales, one for each index of `channelAxis`, follow the values.
   */
  readonly dtype: WeightType;
  readonly quantization?: { readonly min: number; readonly scale: number };
  readonly channelAxis?: number;
}

/**
 * Mean, directions and variances of the pooled features on the training images:
 * Mahalanobis distance with `components` directions kept and the rest isotropic.
 * Layout of `file` (little-endian float32 mean[F], float32 variance[components],
 * float16 directions[components][F]).
 */
export interface FeatureStatistics {
  readonly file: string;
  readonly features: number;
  readonly components: number;
  readonly restVariance: number;
  /** Distance beyond which the gate warns. */
  readonly warnAbove: number;
  /** Distance beyond which the gate refuses on distance alone. */
  readonly refuseAbove: number;
}

export interface PackSource {
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly url: string;
}

/** A file that a pack was made from. */
export interface OriginFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** SHA-1 of `"blob " + size + "\\0" + content`, where the publisher's repository states it. */
  readonly gitBlobId?: string;
}

/** How near a pack's answers are to those of the network that it was made from. */
export interface Parity {
  /** How that network was run. */
  readonly against: string;
  readonly inputs: number;
  /** Largest differences: of logits and probabilities, or of a reconstruction's pixels relative to their range. */
  readonly logit?: number;
  readonly probability?: number;
  readonly relative?: number;
}

/** Where the weights of a pack come from that was made of somebody else's network. */
export interface PackOrigin {
  /** `published`: every file had its published digest. `unverified`: nobody here can say whose weights these are. */
  readonly status: 'published' | 'unverified';
  /** What it was taken for: `chester-v3`, `densenet121-res224-all`, … */
  readonly model: string;
  readonly url?: string;
  readonly files: readonly OriginFile[];
  readonly parity?: Parity;
}

interface PackBase {
  readonly formatVersion: (typeof knownFormatVersions)[number];
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  readonly sources: readonly PackSource[];
  readonly citations: readonly string[];
  readonly origin?: PackOrigin;
  readonly input: PackInput;
  readonly weights: { readonly shards: readonly string[]; readonly entries: readonly PackWeight[] };
  /** Every other file of the pack: model.json, golden.json, shards, the card. */
  readonly files: readonly PackFile[];
}

export interface FindingsManifest extends PackBase {
  readonly role: 'findings';
  /** Names of the graph's output nodes. */
  readonly outputs: { readonly logits: string; readonly maps: string; readonly features: string };
  readonly findings: readonly PackFinding[];
  /** True where every finding has a calibration for digital originals. False: scores are scores, never probabilities. */
  readonly calibrated: boolean;
  readonly featureStatistics?: FeatureStatistics;
}

export interface SecondOpinionManifest extends PackBase {
  readonly role: 'second-opinion';
  readonly outputs: { readonly reconstruction: string };
  /** Structural similarity of picture and reconstruction at or below which the picture is refused. */
  readonly refuseAtSimilarity: number;
}

/**
 * What a gate pack answers, as logits: which kind of picture (one of the first five), which way a chest lies (one of the next four,
 * clockwise from upright), and three questions that are answered apart.
 */
export const gateOutputs = [
  'frontal',
  'lateral',
  'other-radiograph',
  'slice',
  'picture',
  'upright',
  'rotated-90',
  'rotated-180',
  'rotated-270',
  'inverted',
  'mirrored',
  'child',
] as const;

export interface GateManifest extends PackBase {
  readonly role: 'gate';
  /** [1, 1, 1, 12], in the order of `gateOutputs`. */
  readonly outputs: { readonly logits: string };
  /** Probabilities above which something is said. */
  readonly limits: {
    /** Of any other kind than a frontal chest X-ray. */
    readonly refuseKind: number;
    readonly warnKind: number;
    /** Of any other position than upright. */
    readonly turned: number;
    readonly inverted: number;
    readonly mirrored: number;
    readonly child: number;
  };
}

export interface LungsManifest extends PackBase {
  readonly role: 'lungs';
  /** Logits [1, height, width, 2] over the whole picture: both lungs without the heart, the heart. */
  readonly outputs: { readonly masks: string };
  /** Error of the cardiothoracic ratio on patients that the network has not seen. */
  readonly ratioError: {
    readonly meanAbsolute: number;
    /** Nine of ten errors are no larger. */
    readonly percentile90: number;
    readonly patients: number;
    readonly testSet: string;
  };
}

export type PackManifest = FindingsManifest | GateManifest | LungsManifest | SecondOpinionManifest;

/** A manifest that is not complete yet: `files` is made last. */
export type ManifestDraft =
  | Omit<FindingsManifest, 'files'>
  | Omit<GateManifest, 'files'>
  | Omit<LungsManifest, 'files'>
  | Omit<SecondOpinionManifest, 'files'>;

export interface CatalogEntry {
  readonly id: string;
  readonly version: string;
  /** Absent in older catalogues, which offered hardly anything else: `findings`. */
  readonly role?: PackRole;
  readonly embedded: boolean;
  /** Bytes of `pack.json` and all its files together. */
  readonly bytes: number;
  /** SHA-256 of `pack.json`. */
  readonly sha256: string;
}

export interface Catalog {
  readonly formatVersion: 1;
  readonly packs: readonly CatalogEntry[];
}

/** Known answers of a pack, `golden.json`. */
export interface Golden {
  readonly formatVersion: 1;
  /** Where the `source` answers come from. */
  readonly origin: string;
  readonly tolerance: {
    readonly source: { readonly logit: number; readonly probability: number };
    readonly pack: { readonly logit: number; readonly probability: number };
  };
  readonly inputs: readonly GoldenInput[];
}

export interface GoldenInput {
  /** A generator of `imaging/test-patterns.ts`, or `synthetic-xray`: the 8-bit pixels in `file`. */
  readonly name: 'ramp' | 'rings' | 'ellipses' | 'synthetic-xray';
  /** Raw 8-bit grey, width × height of the pack's input. */
  readonly file?: string;
  /**
   * Answers of the original network: logits in the order of `findings` or of `gateOutputs`; of lungs and heart in turn at the places of a grid of
   * `lungsAnswerGrid`²; or [similarity, reconstruction error].
   */
  readonly source: readonly number[];
  /** Those of this pack on plain SIMD. */
  readonly pack: readonly number[];
}

/** Masks have too many logits to be kept as known answers: these are those in the middles of so many columns and rows. */
export const lungsAnswerGrid = 8;

/** How many answers each input of `golden.json` has. */
export function knownAnswerCount(manifest: PackManifest): number {
  switch (manifest.role) {
    case 'findings':
      return manifest.findings.length;
    case 'gate':
      return gateOutputs.length;
    case 'lungs':
      return 2 * lungsAnswerGrid ** 2;
    case 'second-opinion':
      return 2;
  }
}

/** A pack as it lies in storage or in a folder: everything that inference needs, in memory. */
export interface PackContents<Manifest extends PackManifest = PackManifest> {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, ArrayBuffer>;
}

export const packStates = ['downloading', 'stored', 'proving', 'installed', 'rejected'] as const;
export type PackState = (typeof packStates)[number];
