import type { Analysis } from '../../src/shared/analysis.ts';
import type { ErrorCode } from '../../src/shared/app-error.ts';
import type { OutputFormat } from './arguments.ts';
import { decodeText, encodeText, parseRecord } from './csv.ts';

/** What became of one file. `file` is the path as it was listed. */
export type FileResult =
  | { readonly file: string; readonly analysis: Analysis; readonly features?: readonly number[] }
  | { readonly file: string; readonly error: { readonly code: ErrorCode; readonly message: string } };

/** What is the same in all lines of one run. */
export interface RunFacts {
  readonly findingIds: readonly string[];
  readonly pack: string;
  readonly packVersion: string;
  readonly appVersion: string;
}

/** One output format: how lines are written, and how those of an earlier run are understood. */
export interface LineFormat {
  /** First line of a new output, without line break; none in JSON Lines. */
  readonly header?: string;
  /** One result, without the line break at its end. */
  write(result: FileResult): string;
  /** The file that a whole line is about; undefined where the line is not ours. */
  fileOf(line: string): string | undefined;
}

export function lineFormat(format: OutputFormat, facts: RunFacts): LineFormat {
  return format === 'csv' ? csvFormat(facts) : jsonFormat;
}

const jsonFormat: LineFormat = {
  write: (result) => JSON.stringify(result),
  fileOf: (line) => {
    try {
      const value: unknown = JSON.parse(line);
      const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : undefined;
      return typeof file === 'string' ? file : undefined;
    } catch {
      return undefined;
    }
  },
};

function csvFormat({ findingIds, pack, packVersion, appVersion }: RunFacts): LineFormat {
  const columns = [
    'file',
    'verdict',
    'reasons',
    ...findingIds.flatMap((id) => [`${id}_score`, `${id}_band`]),
    'pack',
    'packVersion',
    'appVersion',
    'error',
  ];
  const ends = [pack, packVersion, appVersion];
  return {
    header: columns.map(encodeText).join(','),
    write: (result) => {
      const middle = 'analysis' in result ? analysisCells(result.analysis, findingIds) : emptyCells(findingIds);
      const error = 'error' in result ? result.error.code : '';
      return [encodeText(result.file), ...middle, ...ends.map(encodeText), encodeText(error)].join(',');
    },
    fileOf: (line) => {
      const cells = parseRecord(line);
      return cells?.length === columns.length ? decodeText(cells[0] ?? '') : undefined;
    },
  };
}

function analysisCells(analysis: Analysis, findingIds: readonly string[]): string[] {
  const reasons = analysis.gate.reasons.map(({ code }) => code).join(';');
  const findings = new Map(analysis.findings.map((finding) => [finding.id, finding]));
  const scores = findingIds.flatMap((id) => {
    const finding = findings.get(id);
    // All digits: what is rounded here could no longer be compared with the browser's scores.
    return finding === undefined ? ['', ''] : [String(finding.score), finding.band];
  });
  return [analysis.gate.verdict, encodeText(reasons), ...scores];
}

function emptyCells(findingIds: readonly string[]): string[] {
  return ['', '', ...findingIds.flatMap(() => ['', ''])];
}
