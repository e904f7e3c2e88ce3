import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Analysis, FindingScore } from '../../src/shared/analysis.ts';
import { Stage } from '../faults/support.ts';
import { install, openFiles, results } from './journey.ts';

/** PNG is decoded by the same code in both: what is left is the engine. */
const tolerance = 1e-3;
const examples = 'test/fixtures/examples';

test('the browser says what the command line says, from the same files', async () => {
  const files = (await readdir(examples)).filter((name) => name.endsWith('.png')).sort().map((name) => join(examples, name));
  assert.equal(files.length, 4);
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/read.js', '--json', ...files]);
  const fromNode = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { analysis: Analysis }).analysis);

  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await install(page);
    await openFiles(page, files);
    const fromBrowser = await results(page);
    assert.equal(fromBrowser.length, files.length);
    for (const { analysis } of fromBrowser) {
      const twin = fromNode.find(({ image }) => image.sha256 === analysis.image.sha256);
      assert.ok(twin !== undefined, analysis.image.name);
      assert.equal(analysis.gate.verdict, 'pass', 'a synthetic X-ray passes the gate');
      assert.equal(twin.gate.verdict, 'pass');
      for (const { id, score, band } of analysis.findings) {
        const other: FindingScore | undefined = twin.findings.find((finding) => finding.id === id);
        assert.ok(Math.abs(score - (other?.score ?? NaN)) <= tolerance, `${analysis.image.name}: ${id}`);
        assert.equal(band, other?.band);
      }
    }
  } finally {
    await stage.close();
  }
});
