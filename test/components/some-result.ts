/** Results for the screens to draw: the embedded model's findings, thresholds and grades, with made-up scores. */

import type { Result } from '../../src/app/app-model.ts';
import type {
  Analysis,
  Band,
  DicomFacts,
  DisplayImage,
  FindingMap,
  FindingScore,
  Gate,
  Grade,
  ImageSource,
} from '../../src/shared/analysis.ts';
import type { Anatomy } from '../../src/shared/anatomy.ts';
import type { FindingsManifest } from '../../src/shared/pack.ts';

const pictureSide = 512;
const mapSide = 7;

type Row = readonly [id: string, score: number, operatingPoint: number, auc: number, low: number, high: number];

/** Operating points and AUCs are those of the pack's first version; the scores are invented. */
const rows: readonly Row[] = [
  ['Effusion', 0.104, 0.083, 0.856, 0.813, 0.897],
  ['Atelectasis', 0.241, 0.163, 0.724, 0.647, 0.803],
  ['Consolidation', 0.331, 0.246, 0.574, 0.467, 0.711],
  ['Infiltration', 0.18, 0.175, 0.674, 0.622, 0.725],
  ['Pleural_Thickening', 0.034, 0.033, 0.621, 0.5, 0.728],
  ['Edema', 0.041, 0.099, 0.795, 0.708, 0.872],
  ['Pneumonia', 0.12, 0.265, 0.742, 0.693, 0.797],
  ['Cardiomegaly', 0.021, 0.052, 0.765, 0.651, 0.863],
  ['Emphysema', 0.018, 0.041, 0.764, 0.649, 0.851],
  ['Hernia', 0.004, 0.021, 0.858, 0.621, 1],
  ['Mass', 0.031, 0.078, 0.566, 0.459, 0.665],
];

const strongFrom = 0.75;
const fairFrom = 0.65;
const unsureShare = 0.15;

function gradeOf(low: number): Grade {
  return low >= strongFrom ? 'strong' : low >= fairFrom ? 'fair' : 'weak';
}

function scoreOf([id, score, operatingPoint, , low]: Row): FindingScore {
  const odds = operatingPoint / (1 - operatingPoint);
  const toScore = (value: number): number => value / (1 + value);
  const unsureRange = [toScore(odds * (1 - unsureShare)), toScore(odds * (1 + unsureShare))] as const;
  const band: Band = score > unsureRange[1] ? 'above' : score < unsureRange[0] ? 'below' : 'unsure';
  const grade = gradeOf(low);
  return { id, score, probability: score, calibrated: false, operatingPoint, unsureRange, band, grade };
}

export const someFindings: readonly FindingScore[] = rows.map(scoreOf);
export const noFindingAbove: readonly FindingScore[] = someFindings.map((finding) => ({
  ...finding,
  score: finding.operatingPoint / 2,
  probability: finding.operatingPoint / 2,
  band: 'below',
}));
export const calibratedFinding: FindingScore = {
  id: 'Effusion',
  score: 0.31,
  probability: 0.12,
  calibrated: true,
  prevalence: 0.119,
  interval: [0.08, 0.17],
  operatingPoint: 0.2,
  unsureRange: [0.17, 0.23],
  band: 'above',
  grade: 'strong',
};

/** Strongest in the lower right, as for the effusion of the example. */
function someMap(strength: number): FindingMap {
  const values = Array.from({ length: mapSide * mapSide }, (_, index) => {
    const x = index % mapSide;
    const y = Math.floor(index / mapSide);
    return strength * Math.exp(-((x - 4.6) ** 2 + (y - 4.7) ** 2) / 3) - 1;
  });
  return { width: mapSide, height: mapSide, values };
}

/** Two dark ovals on grey: enough to see whether a picture is drawn, upright and whole. */
export function somePicture(): DisplayImage {
  const data = new Uint8Array(pictureSide * pictureSide);
  for (let y = 0; y < pictureSide; y += 1) {
    for (let x = 0; x < pictureSide; x += 1) {
      const u = x / pictureSide - 0.5;
      const v = y / pictureSide - 0.5;
      const lung = ((Math.abs(u) - 0.2) / 0.14) ** 2 + (v / 0.33) ** 2;
      data[y * pictureSide + x] = lung < 1 ? 40 + 50 * lung : 170 - 90 * Math.abs(u);
    }
  }
  return { width: pictureSide, height: pictureSide, data };
}

export const somePack: FindingsManifest = {
  formatVersion: 1,
  id: 'pocket',
  version: '1.0.0',
  role: 'findings',
  title: 'Pocket',
  summary: 'MobileNetV2 for 14 findings, 224 pixels, trained on 1,852 X-rays.',
  licence: 'Apache-2.0',
  sources: [
    {
      title: 'NIH ChestX-ray14',
      licence: 'no restrictions; cite',
      citation: 'Wang et al. 2017',
      url: 'https://nihcc.app.box.com/v/ChestXray-NIHCC',
    },
  ],
  citations: ['Wang X, et al. ChestX-ray8. CVPR 2017.'],
  input: { width: 224, height: 224, channels: 1, geometry: 'crop-resize', range: [-1, 1] },
  outputs: { logits: 'logits', maps: 'maps', features: 'features' },
  findings: rows.map(([id, , score, value, low, high]) => ({
    id,
    operatingPoints: { digital: { score, rule: 'youden' } },
    auc: { value, interval95: [low, high], positives: 41, testSet: 'NIH ChestX-ray14, fold 0, 457 images' },
    grade: gradeOf(low),
    bias: -1,
  })),
  calibrated: false,
  weights: { shards: ['weights-1.bin'], entries: [] },
  files: [{ path: 'MODEL_CARD.md', bytes: 4_200, sha256: '0'.repeat(64) }],
};

export const passedGate: Gate = { verdict: 'pass', reasons: [] };
export const warnedGate: Gate = {
  verdict: 'warn',
  reasons: [
    { code: 'cut-off', severity: 'warn' },
    { code: 'far-from-training', severity: 'warn', value: 64.2, threshold: 62 },
    { code: 'lossy-history', severity: 'info' },
  ],
};
export const refusedGate: Gate = {
  verdict: 'refuse',
  reasons: [{ code: 'not-an-xray', severity: 'refuse', value: 0.42, threshold: 0.2 }],
};
export const overriddenGate: Gate = {
  ...refusedGate,
  overridden: { codes: ['not-an-xray'], at: '2026-03-01T09:31:00.000Z' },
};

export const opinionGate: Gate = {
  verdict: 'refuse',
  reasons: [{ code: 'not-an-xray', severity: 'refuse', value: 0.41, threshold: 0.6, source: 'chester-ae@1.0.0' }],
  secondOpinion: { pack: 'chester-ae@1.0.0', similarity: 0.41, reconstructionError: 0.118, refuseAtSimilarity: 0.6 },
};
export const agreeingGate: Gate = {
  verdict: 'pass',
  reasons: [],
  secondOpinion: { pack: 'chester-ae@1.0.0', similarity: 0.71, reconstructionError: 0.043, refuseAtSimilarity: 0.6 },
};

/** The ovals of `somePicture`, roughly. */
export const someAnatomy: Anatomy = {
  pack: 'lungs@1.0.0',
  lungs: [
    [0.3, 0.17, 0.44, 0.5, 0.3, 0.83, 0.16, 0.5],
    [0.7, 0.17, 0.84, 0.5, 0.7, 0.83, 0.56, 0.5],
  ],
  heart: [[0.52, 0.5, 0.7, 0.65, 0.52, 0.8, 0.4, 0.65]],
  box: { x: 0.16, y: 0.17, width: 0.68, height: 0.66 },
  cutOff: [],
  ratio: {
    value: 0.3 / 0.68,
    interval: [0.41, 0.47],
    heart: { y: 0.65, left: 0.4, right: 0.7 },
    thorax: { y: 0.5, left: 0.16, right: 0.84 },
  },
  insideLungs: { Effusion: 0.62, Cardiomegaly: 0.31 },
};

export interface ResultChanges {
  readonly anatomy?: Anatomy;
  readonly gate?: Gate;
  readonly findings?: readonly FindingScore[];
  readonly synthetic?: Result['synthetic'];
  readonly kept?: boolean;
  readonly display?: DisplayImage;
  readonly pack?: FindingsManifest;
  readonly id?: string;
  /** Where the pixels came from, where not from a plain PNG. */
  readonly source?: Partial<ImageSource>;
}

/** Of a file with twelve frames and two windows, read at its second frame. */
export const seriesFacts: DicomFacts = {
  transferSyntax: '1.2.840.10008.1.2.1',
  transferSyntaxName: 'Explicit VR Little Endian',
  photometric: 'MONOCHROME2',
  modality: 'DX',
  voi: { kind: 'window', center: 2048, width: 3000, function: 'LINEAR' },
  voiChoices: 2,
  voiOffered: [
    { kind: 'window', center: 2048, width: 3000, function: 'LINEAR' },
    { kind: 'window', center: 1500, width: 900, function: 'LINEAR', explanation: 'B1' },
  ],
  frame: 2,
  frames: 12,
  pipeline: 1,
};

export function someResult(changes: ResultChanges = {}): Result {
  const findings = changes.findings ?? someFindings;
  const pack = changes.pack ?? somePack;
  const analysis: Analysis = {
    id: changes.id ?? 'first',
    createdAt: '2026-03-01T09:30:00.000Z',
    image: {
      name: 'ward-3-bed-2.png',
      sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      width: pictureSide,
      height: pictureSide,
      source: {
        kind: 'raster',
        inputKind: 'digital',
        format: 'png',
        storedWidth: pictureSide,
        storedHeight: pictureSide,
        orientation: 1,
        bitsPerSample: 8,
        ...changes.source,
      },
    },
    gate: changes.gate ?? passedGate,
    findings,
    ...(changes.anatomy === undefined ? {} : { anatomy: changes.anatomy }),
    field: { x: 0, y: 0, width: pictureSide, height: pictureSide },
    timings: { gate: 8, findings: 90, maps: 1 },
    versions: {
      app: '0.1.0',
      packs: { [pack.id]: pack.version },
      thresholds: `${pack.id}@${pack.version}`,
    },
  };
  return {
    analysis,
    display: changes.display ?? somePicture(),
    maps: Object.fromEntries(findings.map((finding) => [finding.id, someMap(6)])),
    pack,
    engine: { mode: 'simd', threads: 1, kernels: 'plain' },
    ...(changes.synthetic === undefined ? {} : { synthetic: changes.synthetic }),
    kept: changes.kept ?? false,
  };
}
