/** What comes in as JSON is checked before it is believed: shape by JSON Schema, then what a schema cannot say. */

import { Validator } from '@cfworker/json-schema';
import { AppError } from '../shared/app-error.ts';
import { packFormatVersion } from '../shared/pack.ts';
import type { Catalog, PackManifest } from '../shared/pack.ts';
import { catalogSchema, packSchema } from './pack-schema.ts';

/** Files that every pack has besides its shards; `pack.json` itself is not listed. */
const requiredFiles = ['model.json', 'golden.json'];

/** Deep enough into a file to say where it is wrong, short enough to be read. */
const maxReasonLength = 200;

// Compiled on first use: most starts of the service worker check no pack.
let packValidator: Validator | undefined;
let catalogValidator: Validator | undefined;

/**
 * The content of a `pack.json`, parsed.
 *
 * @throws AppError `pack-version-unknown` {version} for a format that is newer than this app,
 *   `pack-invalid` {reason} for anything else
 */
export function validatePack(value: unknown): PackManifest {
  const version = formatVersionOf(value);
  if (typeof version === 'number' && version > packFormatVersion) {
    throw new AppError('pack-version-unknown', { version, known: packFormatVersion });
  }
  packValidator ??= new Validator(packSchema, '2020-12', true);
  const reason = firstError(packValidator, value) ?? inconsistency(value as PackManifest);
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

function formatVersionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
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
  const statistics = manifest.featureStatistics?.file;
  const needed = [...requiredFiles, ...manifest.weights.shards, ...(statistics === undefined ? [] : [statistics])];
  const missing = needed.find((path) => !listed.has(path));
  if (missing !== undefined) return `files: ${missing} is not listed`;
  const ids = new Set(manifest.findings.map((finding) => finding.id));
  if (ids.size !== manifest.findings.length) return 'findings: an id is listed twice';
  const names = new Set(manifest.weights.entries.map((entry) => entry.name));
  if (names.size !== manifest.weights.entries.length) return 'weights: a name is listed twice';
  if (manifest.role === 'findings' && manifest.findings.length === 0) return 'findings: none';
  const ranges = manifest.findings.flatMap((finding) => [
    ...(finding.auc === undefined ? [] : [finding.auc.interval95]),
    ...Object.values(finding.operatingPoints).flatMap(({ unsureRange }) =>
      unsureRange === undefined ? [] : [unsureRange],
    ),
    manifest.input.range,
  ]);
  if (ranges.some(([low, high]) => low >= high)) return 'a range whose ends are not in order';
  return undefined;
}
