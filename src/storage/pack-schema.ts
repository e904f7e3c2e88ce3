/**
 * JSON Schema (draft 2020-12) of `pack.json` and of `models/catalog.json`; the types are in shared/pack.ts.
 * `npm run pack` writes the first one to `models/pack.schema.json`, for people and editors.
 */

import { grades, inputKinds } from '../shared/analysis.ts';
import { findingIds } from '../shared/finding-ids.ts';
import { maxShardBytes } from '../shared/limits.ts';
import { inputGeometries, knownFormatVersions, operatingPointRules, packRoles, weightTypes } from '../shared/pack.ts';
import type { PackRole } from '../shared/pack.ts';

/** Larger than any network of ours by far; a manifest may not ask for more. */
const maxInputSide = 2048;
const maxFiles = 4096;
const maxTensors = 8192;
const maxTensorRank = 6;

const text = { type: 'string', minLength: 1 };
const score = { type: 'number', minimum: 0, maximum: 1 };
/** A prevalence has log-odds: nobody and everybody have none. */
const share = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 };
const distance = { type: 'number', minimum: 0 };
const count = { type: 'integer', minimum: 0 };
const positive = { type: 'integer', minimum: 1 };
const side = { type: 'integer', minimum: 1, maximum: maxInputSide };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
/** A file of the pack's own folder: no leading slash, no `..`, no backslash, no scheme, no query. */
const path = { type: 'string', pattern: '^(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9_][A-Za-z0-9_./-]*$', maxLength: 128 };
const packId = { type: 'string', pattern: '^(local/)?[a-z0-9][a-z0-9_-]*$', maxLength: 64 };
const version = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' };
const range = (item: object): object => ({ type: 'array', prefixItems: [item, item], minItems: 2, maxItems: 2 });

function record(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const operatingPoint = record(
  { score, rule: { enum: operatingPointRules } },
  { sensitivity: score, specificity: score, unsureRange: range(score) },
);

const calibration = record(
  { slope: { type: 'number', minimum: 0 }, intercept: { type: 'number' }, samplePrevalence: share },
  {
    covariance: {
      type: 'array',
      prefixItems: [distance, { type: 'number' }, distance],
      minItems: 3,
      maxItems: 3,
    },
  },
);

const finding = record(
  {
    id: { enum: findingIds },
    operatingPoints: {
      type: 'object',
      properties: Object.fromEntries(inputKinds.map((kind) => [kind, operatingPoint])),
      required: ['digital'],
      additionalProperties: false,
    },
    grade: { enum: grades },
    bias: { type: 'number' },
  },
  {
    auc: record({ value: score, interval95: range(score), positives: count, testSet: text }),
    publishedAuc: record({ value: score, testSet: text, source: text }),
    calibration: {
      type: 'object',
      properties: Object.fromEntries(inputKinds.map((kind) => [kind, calibration])),
      additionalProperties: false,
    },
    referencePrevalence: record({ value: share, source: text }),
  },
);

const originFile = record(
  { path: text, bytes: count, sha256 },
  { gitBlobId: { type: 'string', pattern: '^[0-9a-f]{40}$' } },
);

const origin = record(
  {
    status: { enum: ['published', 'unverified'] },
    model: text,
    files: { type: 'array', items: originFile, maxItems: maxFiles },
  },
  {
    url: text,
    parity: record({ against: text, inputs: positive }, { logit: distance, probability: distance, relative: distance }),
  },
);

const weight = record(
  {
    name: text,
    shape: { type: 'array', items: count, maxItems: maxTensorRank },
    dtype: { enum: weightTypes },
  },
  {
    quantization: record({ min: { type: 'number' }, scale: { type: 'number', exclusiveMinimum: 0 } }),
    channelAxis: { type: 'integer', minimum: 0, maximum: maxTensorRank - 1 },
  },
);

const featureStatistics = record({
  file: path,
  features: positive,
  components: positive,
  restVariance: { type: 'number', exclusiveMinimum: 0 },
  warnAbove: { type: 'number', exclusiveMinimum: 0 },
  refuseAbove: { type: 'number', exclusiveMinimum: 0 },
});

/** What packs of every role have. */
const common = {
  formatVersion: { enum: knownFormatVersions },
  id: packId,
  version,
  title: text,
  summary: text,
  licence: text,
  sources: { type: 'array', items: record({ title: text, licence: text, citation: text, url: text }) },
  citations: { type: 'array', items: text },
  input: record({
    width: side,
    height: side,
    channels: { const: 1 },
    geometry: { enum: inputGeometries },
    range: range({ type: 'number' }),
  }),
  weights: record({
    shards: { type: 'array', items: path, minItems: 1, maxItems: maxFiles },
    entries: { type: 'array', items: weight, maxItems: maxTensors },
  }),
  files: {
    type: 'array',
    maxItems: maxFiles,
    items: record({ path, bytes: { type: 'integer', minimum: 0, maximum: maxShardBytes }, sha256 }),
  },
};

const findingsPack = record(
  {
    ...common,
    role: { const: 'findings' },
    outputs: record({ logits: text, maps: text, features: text }),
    findings: { type: 'array', items: finding, minItems: 1, maxItems: findingIds.length },
    calibrated: { type: 'boolean' },
  },
  { origin, featureStatistics },
);

const secondOpinionPack = record(
  {
    ...common,
    role: { const: 'second-opinion' },
    outputs: record({ reconstruction: text }),
    refuseAtSimilarity: { type: 'number', minimum: -1, maximum: 1 },
  },
  { origin },
);

const gatePack = record(
  {
    ...common,
    role: { const: 'gate' },
    outputs: record({ logits: text }),
    limits: record({
      refuseKind: score,
      warnKind: score,
      turned: score,
      inverted: score,
      mirrored: score,
      child: score,
    }),
  },
  { origin },
);

const lungsPack = record(
  {
    ...common,
    role: { const: 'lungs' },
    outputs: record({ masks: text }),
    ratioError: record({ meanAbsolute: score, percentile90: score, patients: positive, testSet: text }),
  },
  { origin },
);

/** By role, so that what does not fit is named by one schema and not by all that were tried. */
export const packSchemas: Readonly<Record<PackRole, object>> = {
  findings: findingsPack,
  gate: gatePack,
  lungs: lungsPack,
  'second-opinion': secondOpinionPack,
};

export const packSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Chester model pack',
  oneOf: Object.values(packSchemas),
};

export const catalogSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Chester pack catalog',
  ...record({
    formatVersion: { const: 1 },
    packs: {
      type: 'array',
      items: record(
        { id: packId, version, embedded: { type: 'boolean' }, bytes: positive, sha256 },
        { role: { enum: packRoles } },
      ),
    },
  }),
};
