/** Models in every state that the Models screen draws. Digests, parities and published figures are invented. */

import type { Model, ModelActivity, ModelLibrary, PackFileStatus } from '../../src/app/model-library.ts';
import { diffPacks } from '../../src/shared/diff-packs.ts';
import { findingIds } from '../../src/shared/finding-ids.ts';
import type { FindingsManifest, PackFinding, PackOrigin, SecondOpinionManifest } from '../../src/shared/pack.ts';
import { somePack } from './some-result.ts';

const files = [{ path: 'MODEL_CARD.md', bytes: 5_100, sha256: '1'.repeat(64) }];
const densenetSource = {
  title: 'TorchXRayVision densenet121-res224-all',
  licence: 'CC-BY-NC-4.0',
  citation: 'Cohen JP et al. TorchXRayVision: A library of chest X-ray datasets and models. MIDL 2022.',
  url: 'https://github.com/mlmed/torchxrayvision',
} as const;

function unmeasured(id: string, index: number): PackFinding {
  return {
    id,
    operatingPoints: { digital: { score: 0.02 + 0.01 * index, rule: 'youden' } },
    publishedAuc: {
      value: 0.8 + 0.005 * index,
      testSet: 'a held-out part of seven public collections',
      source: 'a table of the authors’ paper',
    },
    grade: 'unmeasured',
    bias: -2,
  };
}

const published: PackOrigin = {
  status: 'published',
  model: 'chester-v3',
  url: 'https://github.com/mlmed/chester-xray',
  files: [{ path: 'model.json', bytes: 118_000, sha256: '2'.repeat(64), gitBlobId: '3'.repeat(40) }],
  parity: { against: 'the published graph, tfjs 4.22.0, WASM', inputs: 16, logit: 0.000021, probability: 0.0000038 },
};

export const chesterPack: FindingsManifest = {
  ...somePack,
  id: 'chester-v3',
  version: '1.0.0',
  title: 'Chester v3: DenseNet-121, 18 findings',
  summary:
    'The network of the Chester web tool, trained on seven public collections. Slower than Pocket, more findings.',
  licence: 'CC-BY-NC-4.0',
  sources: [densenetSource],
  citations: ['Cohen JP, Bertin P, Frappier V. Chester. arXiv:1901.11210.', densenetSource.citation],
  origin: published,
  input: { width: 224, height: 224, channels: 1, geometry: 'resize-crop', range: [-1024, 1024] },
  findings: findingIds.map(unmeasured),
  files,
};

export const unverifiedPack: FindingsManifest = {
  ...chesterPack,
  id: 'district-hospital',
  version: '0.3.0',
  title: 'District hospital fine-tuning',
  summary: 'The same network, trained further on X-rays of one hospital.',
  origin: { ...published, status: 'unverified' },
};

export const unknownPack: FindingsManifest = {
  ...chesterPack,
  id: 'local/lungs-from-a-friend',
  version: '2.0.0',
  title: 'Lungs from a friend',
  summary: 'Sees everything.',
  licence: 'unknown',
  origin: { ...published, status: 'unverified' },
};

export const opinionPack: SecondOpinionManifest = {
  formatVersion: 1,
  id: 'chester-ae',
  version: '1.0.0',
  role: 'second-opinion',
  title: 'Chester’s autoencoder',
  summary: 'Redraws the picture from 512 numbers; what it cannot redraw is probably no chest X-ray.',
  licence: 'CC-BY-NC-4.0',
  sources: [densenetSource],
  citations: ['Cohen JP, Bertin P, Frappier V. Chester. arXiv:1901.11210.'],
  origin: {
    ...published,
    model: 'chester-ae',
    parity: { against: 'the published graph', inputs: 16, relative: 0.00004 },
  },
  input: { width: 64, height: 64, channels: 1, geometry: 'squash', range: [-1, 1] },
  outputs: { reconstruction: 'reconstruction' },
  refuseAtSimilarity: 0.6,
  weights: { shards: ['weights-1.bin'], entries: [] },
  files,
};

/** The embedded pack's next version: two findings more, one gone, thresholds and figures moved. */
const newerPack: FindingsManifest = {
  ...somePack,
  version: '1.1.0',
  summary: 'MobileNetV2 for 12 findings, 224 pixels, trained on 2,310 X-rays.',
  findings: [
    ...somePack.findings.flatMap((finding): PackFinding[] => {
      switch (finding.id) {
        case 'Hernia':
          return [];
        case 'Effusion':
          return [
            {
              ...finding,
              operatingPoints: { digital: { score: 0.091, rule: 'sensitivity' } },
              auc: { value: 0.872, interval95: [0.841, 0.9], positives: 77, testSet: 'NIH fold 0, 812 images' },
            },
          ];
        case 'Mass':
          return [{ ...finding, grade: 'fair' }];
        default:
          return [finding];
      }
    }),
    unmeasured('Fracture', 1),
    unmeasured('Lung Lesion', 2),
  ],
  weights: { shards: ['weights-1.bin'], entries: [] },
  files: [...somePack.files, { path: 'weights-1.bin', bytes: 4_900_000, sha256: '4'.repeat(64) }],
};

const none: ModelActivity = { kind: 'none' };

export const pocket: Model = {
  id: 'pocket',
  role: 'findings',
  origin: 'embedded',
  installed: { version: '1.0.0', bytes: 5_128_000, manifest: somePack },
  inUse: true,
  activity: none,
};

/** The same model with probabilities. */
export const calibratedPocket: Model = {
  ...pocket,
  installed: {
    version: '2.0.0',
    bytes: 5_128_000,
    manifest: {
      ...somePack,
      formatVersion: 2,
      version: '2.0.0',
      calibrated: true,
      findings: somePack.findings.map((finding) => ({
        ...finding,
        calibration: { digital: { slope: 1, intercept: 0, samplePrevalence: 0.2 } },
        referencePrevalence: { value: 0.013, source: 'NIH ChestX-ray14, 1,431 of 112,120 images' },
      })),
    },
  },
};

export const chester: Model = {
  id: 'chester-v3',
  role: 'findings',
  origin: 'published',
  installed: { version: '1.0.0', bytes: 14_020_000, manifest: chesterPack },
  inUse: false,
  activity: none,
};

export const autoencoder: Model = {
  id: 'chester-ae',
  role: 'second-opinion',
  origin: 'published',
  installed: { version: '1.0.0', bytes: 16_300_000, manifest: opinionPack },
  inUse: true,
  activity: none,
};

export const fromAFriend: Model = {
  id: unknownPack.id,
  role: 'findings',
  origin: 'unknown',
  installed: { version: '2.0.0', bytes: 7_080_000, manifest: unknownPack },
  inUse: false,
  activity: none,
};

export const fineTuned: Model = {
  id: 'district-hospital',
  role: 'findings',
  origin: 'unverified',
  offered: { version: '0.3.0', bytes: 14_020_000, manifest: unverifiedPack },
  inUse: false,
  activity: none,
};

/** Before the update, and after it. */
export const updatable: Model = { ...pocket, offered: { version: '1.1.0', bytes: 5_400_000, manifest: newerPack } };
export const updated: Model = {
  ...pocket,
  installed: { version: '1.1.0', bytes: 5_400_000, manifest: newerPack },
  previous: { version: '1.0.0', bytes: 5_128_000, manifest: somePack },
  difference: diffPacks(somePack, newerPack),
};

/** Only offered; without a manifest only the catalogue's line is known. */
export function offered(model: Model, knowsManifest: boolean): Model {
  const { installed, ...rest } = model;
  if (installed === undefined) throw new Error(`${model.id} is not here`);
  const { version, bytes } = installed;
  return {
    ...rest,
    role: knowsManifest ? model.role : undefined,
    inUse: false,
    offered: knowsManifest ? installed : { version, bytes },
  };
}

export function readyLibrary(
  models: readonly Model[] = [pocket],
  packFile: PackFileStatus = { kind: 'none' },
): ModelLibrary {
  return { kind: 'ready', models, packFile };
}
