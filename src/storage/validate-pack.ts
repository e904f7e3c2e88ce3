/** What comes in as JSON is checked before it is believed: shape by JSON Schema, then what a schema cannot say. */

import { Validator } from '@cfworker/json-schema';
import { AppError } from '../shared/app-error.ts';
import { packFormatVersion, packRoles } from '../shared/pack.ts';
import type { Catalog, FindingsManifest, PackManifest, PackRole, PackWeight } from '../shared/pack.ts';
import { catalogSchema, packSchemas } from './pack-schema.ts';

/** Files that every pack has besides its shards; `pack.json` itself is not listed. */
const requiredFiles = ['model.json', 'golden.json'];

/** Deep enough into a file to say where it is wrong, short enough to be read. */
const maxReasonLength = 200;

// Compiled on first use: most starts of the service worker check no pack.
const packValidators = new Map<PackRole, Validator>();
let catalogValidator: Validator | undefined;

/**
 * The content of a `pack.json`, parsed.
 *
 * @throws AppError `pack-version-unknown` {version} for a format that is newer than this app,
 *   `pack-invalid` {reason} for anything else
 */
export function validatePack(value: unknown): PackManifest {
  const version = fieldOf(value, 'formatVersion');
  if (typeof version === 'number' && version > packFormatVersion) {
    throw new AppError('pack-version-unknown', { version, known: packFormatVersion });
  }
  const role = packRoles.find((known) => known === fieldOf(value, 'role'));
  if (role === undefined) {
    throw new AppError('pack-invalid', {
      reason: `#/role: ${String(fieldOf(value, 'role')).slice(0, maxReasonLength)}`,
    });
  }
  const reason = firstError(validatorOf(role), value) ?? inconsistency(value as PackManifest);
  if (reason !== undefined) throw new AppError('pack-invalid', { reason });
  return value as PackManifest;
}

/**
 * The content of `models/catalog.json`, parsed.
 *
 * @throws AppError `catalog-invalid` {reason}
 */
export function validateCatalog(value: unknown): Catalog {
  catalogValidator ??= new Validator(catalogSchema, '2020-12', true);
  const reason = firstError(catalogValidator, value);
  if (reason !== undefined) throw new AppError('catalog-invalid', { reason });
  return value as Catalog;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function validatorOf(role: PackRole): Validator {
  const known = packValidators.get(role) ?? new Validator(packSchemas[role], '2020-12', true);
  packValidators.set(role, known);
  return known;
}

/** Where and why a value does not fit, or `undefined`. The last error is the innermost. */
function firstError(validator: Validator, value: unknown): string | undefined {
  const { valid, errors } = validator.validate(value);
  if (valid) return undefined;
  const innermost = errors.at(-1);
  return `${innermost?.instanceLocation ?? '#'}: ${innermost?.error ?? 'does not fit'}`.slice(0, maxReasonLength);
}

function inconsistency(manifest: PackManifest): string | undefined {
  const paths = manifest.files.map((file) => file.path);
  const listed = new Set(paths);
  if (listed.size !== paths.length) return 'files: a path is listed twice';
  const statistics = manifest.role === 'findings' ? manifest.featureStatistics?.file : undefined;
  const needed = [...requiredFiles, ...manifest.weights.shards, ...(statistics === undefined ? [] : [statistics])];
  const missing = needed.find((path) => !listed.has(path));
  if (missing !== undefined) return `files: ${missing} is not listed`;
  const surplus = paths.find((path) => path.endsWith('.bin') && isWeightShard(path) && !needed.includes(path));
  if (surplus !== undefined) return `files: ${surplus} is no shard of the weights`;
  const names = new Set(manifest.weights.entries.map((entry) => entry.name));
  if (names.size !== manifest.weights.entries.length) return 'weights: a name is listed twice';
  const odd = manifest.weights.entries.find((entry) => !isComplete(entry));
  if (odd !== undefined) return `weights: ${odd.name} does not say how its ${odd.dtype} is to be read`;
  if (!inOrder(manifest.input.range)) return 'input: a range whose ends are not in order';
  return manifest.role === 'findings' ? findingsInconsistency(manifest) : undefined;
}

function findingsInconsistency({ findings, calibrated }: FindingsManifest): string | undefined {
  const ids = new Set(findings.map((finding) => finding.id));
  if (ids.size !== findings.length) return 'findings: an id is listed twice';
  const ranges = findings.flatMap((finding) => [
    ...(finding.auc === undefined ? [] : [finding.auc.interval95]),
    ...Object.values(finding.operatingPoints).flatMap(({ unsureRange }) =>
      unsureRange === undefined ? [] : [unsureRange],
    ),
  ]);
  if (!ranges.every(inOrder)) return 'findings: a range whose ends are not in order';
  const uncalibrated = findings.find(({ calibration }) => calibration?.digital === undefined);
  if (calibrated && uncalibrated !== undefined) return `findings: ${uncalibrated.id} has no calibration`;
  if (!calibrated && uncalibrated === undefined) return 'findings: a calibration that the pack denies';
  return undefined;
}

/** Named as the packer names them; other binary files (statistics, pictures) are named otherwise. */
function isWeightShard(path: string): boolean {
  return /^weights-\d+\.bin$/.test(path);
}

/** A quantised tensor is nothing without its scale, and what is not quantised has none. */
function isComplete({ dtype, shape, quantization, channelAxis }: PackWeight): boolean {
  const perTensor = dtype === 'uint8' || dtype === 'uint16';
  const perChannel = dtype === 'int8';
  if (perTensor !== (quantization !== undefined) || perChannel !== (channelAxis !== undefined)) return false;
  return channelAxis === undefined || channelAxis < shape.length;
}

function inOrder([low, high]: readonly [number, number]): boolean {
  return low < high;
}
