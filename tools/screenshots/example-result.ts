/** What the app says of the example X-ray, by the command line that shares its code: screenshots never show invented scores of it. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Analysis, FindingMap } from '../../src/shared/analysis.ts';
import type { FindingsManifest } from '../../src/shared/pack.ts';

export interface ExampleResult {
  readonly analysis: Analysis;
  readonly maps: Readonly<Record<string, FindingMap>>;
  readonly pack: FindingsManifest;
}

export const examplePath = 'static/examples/synthetic-effusion.png';

export async function readExample(root: string): Promise<ExampleResult> {
  const folder = await mkdtemp(join(tmpdir(), 'chester-example-'));
  try {
    const args = ['tools/read/launch.mjs', '--json', '--maps', folder, examplePath];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    const { analysis } = JSON.parse(stdout) as Pick<ExampleResult, 'analysis'>;
    const { maps } = JSON.parse(await readFile(join(folder, `${examplePath}.json`), 'utf8')) as Pick<
      ExampleResult,
      'maps'
    >;
    const pack = JSON.parse(await readFile(join(root, 'models/pocket/pack.json'), 'utf8')) as FindingsManifest;
    return { analysis, maps, pack };
  } finally {
    await rm(folder, { recursive: true });
  }
}
