import { cleanText } from '../shared/clean-text.ts';
import type { Analysis } from '../shared/analysis.ts';

/** What is in a saved result only when asked for. */
export interface ExportOptions {
  readonly maps: boolean;
  readonly patient?: boolean;
}

export interface JsonExport {
  readonly fileName: string;
  readonly json: string;
}

/** File systems allow 255 bytes; three bytes a character of most scripts, and room for the date. */
const maxNameLength = 60;
/** `2026-03-09T14-05-59`: sorts by time, and no colon, which Windows forbids. */
export const dateLength = 19;

/** The analysis as a file: the `Analysis` and nothing else, indented so that people can read it. */
export function exportJson(analysis: Analysis): JsonExport {
  return { fileName: `chester-${fileNamePart(analysis)}.json`, json: `${JSON.stringify(analysis, undefined, 2)}\n` };
}

function fileNamePart({ label, image, createdAt }: Analysis): string {
  const words = cleanText(label ?? image.name)
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    // Letters and digits of every script stay; separators, reserved signs and leading dots go.
    .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const name = Array.from(words).slice(0, maxNameLength).join('');
  const time = createdAt.slice(0, dateLength).replaceAll(':', '-');
  return name === '' ? time : `${name}-${time}`;
}
