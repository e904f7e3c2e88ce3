import { readFile } from 'node:fs/promises';
import type { Figure } from '../table.ts';
import type { Ratios } from './ratios.ts';

/** What the engines measured, for the table, for a program and for the chart. */
export interface EnginesReport {
  readonly figures: readonly Figure[];
  readonly ratios: Ratios;
  /** MiB of linear memory. */
  readonly memory: Readonly<Record<'published_mib' | 'densenet121_mib', number>>;
  readonly engines: readonly EngineTimes[];
}

export interface EngineTimes {
  readonly name: string;
  /** Of the picture, pixels. */
  readonly side: number;
  readonly medianMs: number;
  readonly minMs: number;
}

/** As `npm run bench -- --json --out FILE` writes it. */
export interface WrittenReport extends EnginesReport {
  readonly machine: { readonly processor: string; readonly cores: number; readonly date: string };
}

/** @throws Error where the file holds no figures of the engines */
export async function readReport(path: string): Promise<WrittenReport> {
  const report = JSON.parse(await readFile(path, 'utf8')) as Partial<WrittenReport>;
  if (report.engines === undefined || report.ratios === undefined || report.machine === undefined) {
    throw new Error(`${path} holds no figures of the engines: write it with --only engines --json --out ${path}`);
  }
  return report as WrittenReport;
}
