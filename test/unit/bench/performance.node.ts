import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { drawChart } from '../../../bench/engines/draw-chart.ts';
import { readReport, type WrittenReport } from '../../../bench/engines/report.ts';
import { describePerformance, writePerformance } from '../../../bench/engines/write-performance.ts';

const report: WrittenReport = {
  machine: { processor: 'A <processor> & more', cores: 2, date: '2026-01-02T03:04:05.000Z' },
  figures: [{ area: 'slow phone', name: 'estimated: measured × 4', value: 123.45, unit: 'ms' }],
  ratios: { densenet121_over_chester: { median: 0.5, min: 0.25 } },
  memory: { published_mib: 99, densenet121_mib: 43 },
  engines: [
    { name: 'one & all', side: 224, medianMs: 200, minMs: 190 },
    { name: 'our kernels', side: 224, medianMs: 100, minMs: 95 },
    { name: 'our kernels', side: 512, medianMs: 900, minMs: 880 },
  ],
};

test('bars are as long as the times, and texts are escaped', () => {
  const svg = drawChart(report.engines);
  const bars = [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map((match) => Number(match[1]));
  assert.equal(bars.length, 2, 'only the smallest picture');
  assert.ok(Math.abs(bars[0]! / bars[1]! - 2) < 0.01, `${bars.join()}`);
  assert.match(svg, /one &amp; all/);
  assert.match(svg, /100 ms · 0\.50/);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.throws(() => drawChart([]), /no engine/);
});

test('the page states what was measured, and what was not', async () => {
  const page = await describePerformance(report);
  assert.match(page, /`densenet121_over_chester`[^\n]*\| 0\.500 +\| 0\.250 +\| ≤ 0\.33/);
  assert.match(page, /`gradient_over_forward`[^\n]*not measured/);
  assert.match(page, /2026-01-02/);
  assert.doesNotMatch(page, /NaN|undefined/);
});

test('a file without figures of the engines is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chester-performance-'));
  try {
    const path = join(folder, 'bench.json');
    await writeFile(path, JSON.stringify({ machine: report.machine, figures: [] }));
    await assert.rejects(readReport(path), /--only engines/);
    await writeFile(path, JSON.stringify(report));
    await writePerformance(folder, await readReport(path));
    assert.match(await readFile(join(folder, 'performance.svg'), 'utf8'), /^<svg /);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
