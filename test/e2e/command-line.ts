import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Analysis } from '../../src/shared/analysis.ts';

/** What `chester-read --json` says of these files, in their order. */
export async function readByCommandLine(files: readonly string[]): Promise<Analysis[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/read.js', '--json', ...files], {
    maxBuffer: 64e6,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { analysis } = JSON.parse(line) as { readonly analysis?: Analysis };
      if (analysis === undefined) throw new Error(`the command line did not read it: ${line}`);
      return analysis;
    });
}

/** The largest difference of any finding's score; findings that only one of them has count as 1. */
export function worstDifference(one: Analysis | undefined, other: Analysis | undefined): number {
  if (one === undefined || other === undefined || one.findings.length !== other.findings.length) return 1;
  const differences = one.findings.map(({ id, score }) => {
    const twin = other.findings.find((finding) => finding.id === id);
    return twin === undefined ? 1 : Math.abs(score - twin.score);
  });
  return Math.max(...differences);
}
