import type { FindingsManifest, PackFinding, PackManifest } from './pack.ts';

/** One number that is not the same in both; absent where one of them does not state it. */
export interface ChangedNumber {
  readonly id: string;
  readonly from?: number;
  readonly to?: number;
}

/** What a person should know before one pack takes another's place. */
export interface PackDifference {
  readonly findingsAdded: readonly string[];
  readonly findingsRemoved: readonly string[];
  /** Operating points for digital originals, as scores 0..1. */
  readonly thresholds: readonly ChangedNumber[];
  /** Measured AUC. */
  readonly auc: readonly ChangedNumber[];
  readonly grades: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  /** Other input, geometry or value range: scores of the two are not comparable. */
  readonly inputChanged: boolean;
  readonly weightsChanged: boolean;
}

/** Compares two packs of one role. Pure. */
export function diffPacks(from: PackManifest, to: PackManifest): PackDifference {
  const old = findingsOf(from);
  const fresh = findingsOf(to);
  const both = [...fresh.keys()].filter((id) => old.has(id));
  const changed = (read: (finding: PackFinding) => number | undefined): ChangedNumber[] =>
    both.flatMap((id) => changedNumber(id, read(old.get(id)!), read(fresh.get(id)!)));
  return {
    findingsAdded: [...fresh.keys()].filter((id) => !old.has(id)),
    findingsRemoved: [...old.keys()].filter((id) => !fresh.has(id)),
    thresholds: changed((finding) => finding.operatingPoints.digital.score),
    auc: changed((finding) => finding.auc?.value),
    grades: both.flatMap((id) => {
      const [before, after] = [old.get(id)!.grade, fresh.get(id)!.grade];
      return before === after ? [] : [{ id, from: before, to: after }];
    }),
    inputChanged: JSON.stringify(inputOf(from)) !== JSON.stringify(inputOf(to)),
    weightsChanged: JSON.stringify(weightHashes(from)) !== JSON.stringify(weightHashes(to)),
  };
}

function findingsOf(manifest: PackManifest): ReadonlyMap<string, FindingsManifest['findings'][number]> {
  return new Map(manifest.role === 'findings' ? manifest.findings.map((finding) => [finding.id, finding]) : []);
}

function changedNumber(id: string, from: number | undefined, to: number | undefined): ChangedNumber[] {
  if (from === to) return [];
  return [{ id, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

function inputOf({ input }: PackManifest): readonly unknown[] {
  return [input.width, input.height, input.geometry, ...input.range];
}

function weightHashes({ files, weights }: PackManifest): readonly string[] {
  const paths = new Set([...weights.shards, 'model.json']);
  return files.filter(({ path }) => paths.has(path)).map(({ path, sha256 }) => `${path} ${sha256}`);
}
