/** Writes docs/performance.md and docs/performance.svg from a report of the bench. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { drawChart } from './draw-chart.ts';
import { ratioNames, ratioTargets, type RatioName } from './ratios.ts';
import type { WrittenReport } from './report.ts';

/** What each ratio is, for who reads the table. */
const meanings: Readonly<Record<RatioName, string>> = {
  densenet121_over_chester: 'DenseNet-121, our relaxed kernels / the published graph on tfjs',
  densenet121_plain_over_chester: '… our plain kernels / the published graph',
  densenet121_over_ort_fp32: '… our relaxed kernels / onnxruntime-web, float32',
  densenet121_over_ort_int8: '… our relaxed kernels (float32) / onnxruntime-web, int8',
  flops_over_fma_peak: '… rate (5.51 GFLOP, whatever is skipped) / peak of fused multiply-adds on registers',
  pocket_over_chester: 'the embedded MobileNetV2 / the published DenseNet-121',
  maps_over_forward: '18 class activation maps and features with the logits / the logits alone',
  gradient_over_forward: 'the full input gradient / one run',
  cold_over_chester: 'from `new Worker` to the first answer, weights in IndexedDB / the same of the published graph',
  two_threads_over_chester: 'DenseNet-121 on two threads / the published graph on one',
};

/** @param folder where the two files go */
export async function writePerformance(folder: string, report: WrittenReport): Promise<void> {
  await writeFile(join(folder, 'performance.svg'), drawChart(report.engines));
  await writeFile(join(folder, 'performance.md'), await describePerformance(report));
}

/** Markdown, formatted as the repository's is. */
export async function describePerformance({
  machine,
  ratios,
  engines,
  memory,
  figures,
}: WrittenReport): Promise<string> {
  const ratioRows = ratioNames.map((name) => {
    const ratio = ratios[name];
    const { budget, atLeast } = ratioTargets[name];
    const target = budget === undefined ? `≥ ${atLeast}` : `≤ ${budget}`;
    const cells = ratio === undefined ? ['not measured', ''] : [ratio.median.toFixed(3), ratio.min.toFixed(3)];
    return [`\`${name}\``, meanings[name], ...cells, target];
  });
  const engineRows = engines.map(({ name, side, medianMs, minMs }) => [
    name,
    String(side),
    medianMs.toFixed(1),
    minMs.toFixed(1),
  ]);
  const others = figures
    .filter(({ area }) => ['cold start', 'threads', 'slow phone'].includes(area))
    .map(({ area, name, value, unit }) => [area, name, `${Number(value.toPrecision(3))} ${unit}`.trim()]);
  const answers = figures
    .filter(({ name }) => name.includes('farthest logit'))
    .map(({ name, value }) => [name.replace(/, farthest.*/, ''), value.toExponential(1)]);
  const text = `
# Performance

Written by \`npm run bench -- --chart FILE\` from what \`npm run bench -- --only engines --json --out FILE\` measured on
${machine.date.slice(0, 10)}: Chromium, ${machine.processor}, ${machine.cores} cores. All engines run in one page, one worker each, and take
turns, one thread unless said; weights are random and the same for all, answers are compared in the same run. Ratios are
medians and smallest values of paired runs and travel better than milliseconds.

![Milliseconds of one DenseNet-121 by engine](performance.svg)

## Ratios

${table(['ratio', 'what', 'median', 'min', 'target'], ratioRows)}

## Engines

${table(['engine', 'pixels', 'median, ms', 'min, ms'], engineRows)}

How far the engines' answers are from the published graph's:

${table(['engine', 'farthest logit / deviation'], answers)}

Linear memory of a DenseNet-121 at 224 pixels: ${memory.densenet121_mib.toFixed(1)} MiB, of the published graph ${memory.published_mib.toFixed(1)} MiB.

## Start, threads, slow phones

A slow phone's figures are estimates: what was measured, times 4 and times 6.

${table(['', 'figure', 'measured'], others)}

How the kernels work and what was tried: [decision 0017](decisions/0017-own-kernels.md), [0022](decisions/0022-threads-of-our-own.md).
`;
  const options = await prettier.resolveConfig(new URL('../../package.json', import.meta.url));
  return prettier.format(text, { ...options, parser: 'markdown' });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
