import { open } from 'node:fs/promises';
import { AppError } from '../../src/shared/app-error.ts';
import type { LineFormat } from './result-lines.ts';

export interface EarlierRun {
  /** Files that have a line. */
  readonly finished: ReadonlySet<string>;
  /** Whether the header (where the format has one) is there. */
  readonly hasHeader: boolean;
  /** Bytes of whole lines: what lies beyond is a line that was cut and is to be removed before appending. */
  readonly wholeBytes: number;
}

const lineFeed = 0x0a;
const quote = 0x22;
const chunkBytes = 1 << 20;

/**
 * Reads what an earlier run left in `path`. A last line without its line break was cut by a kill or a full disk: it
 * does not count. Quoted line breaks of CSV are part of their line. A missing file is an empty one.
 *
 * @throws AppError `wrong-usage` where the file holds something else than this command's output in this format, so
 *   that nobody's file is ever appended to or cut by mistake
 */
export async function readEarlierRun(path: string, format: LineFormat): Promise<EarlierRun> {
  const finished = new Set<string>();
  let hasHeader = false;
  const foreign = (): AppError =>
    new AppError('wrong-usage', { reason: `${path} was not written by the same command` });
  const onLine = (line: string): void => {
    if (format.header !== undefined && !hasHeader) {
      if (line !== format.header) throw foreign();
      hasHeader = true;
      return;
    }
    const file = format.fileOf(line);
    if (file === undefined) throw foreign();
    finished.add(file);
  };
  const { wholeBytes, rest } = await eachLine(path, format.header !== undefined, onLine);
  if (finished.size === 0 && !hasHeader && rest !== '' && !beginsAs(rest, format.header ?? '{"file":')) throw foreign();
  return { finished, hasHeader, wholeBytes };
}

function beginsAs(rest: string, expected: string): boolean {
  return rest.startsWith(expected) || expected.startsWith(rest);
}

/** Calls `onLine` for each whole line; streams, for the outputs of an archive do not fit into memory. */
async function eachLine(
  path: string,
  quoted: boolean,
  onLine: (line: string) => void,
): Promise<{ readonly wholeBytes: number; readonly rest: string }> {
  const file = await open(path, 'r').catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw new AppError('wrong-usage', { reason: `${path} cannot be read` }, thrown);
  });
  if (file === undefined) return { wholeBytes: 0, rest: '' };
  try {
    let wholeBytes = 0;
    let inQuotes = false;
    let pending: Buffer[] = [];
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) return { wholeBytes, rest: Buffer.concat(pending).toString('utf8') };
      let start = 0;
      for (let at = 0; at < bytesRead; at += 1) {
        if (quoted && buffer[at] === quote) inQuotes = !inQuotes;
        if (buffer[at] !== lineFeed || inQuotes) continue;
        const line = Buffer.concat([...pending, buffer.subarray(start, at)]);
        onLine(line.toString('utf8'));
        wholeBytes += line.length + 1;
        pending = [];
        start = at + 1;
      }
      // Copied, for the buffer is filled anew.
      pending.push(Buffer.from(buffer.subarray(start, bytesRead)));
    }
  } finally {
    await file.close();
  }
}
