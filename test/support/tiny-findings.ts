/** A findings pack that is small, quick and right: two findings from one convolution, known answers and all. Node. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testPattern } from '../../src/imaging/test-patterns.ts';
import { startEngine } from '../../src/inference/engine.ts';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { packFormatVersion, type FindingsManifest, type Golden, type PackManifest } from '../../src/shared/pack.ts';
import { GraphWriter } from '../../tools/pack/graph.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import { contentsOf, encodeNetwork, toJson, writeManifest, writeNetwork } from '../../tools/pack/write-pack.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';

const side = 32;
// Not above the filter's side: XNNPACK, in tfjs's kernels, silently leaves such a convolution undone.
const stride = 2;
const features = 4;
const ballastFileBytes = 256 * 1024;
const findings = ['Effusion', 'Nodule'] as const;

export interface TinyFindingsOptions {
  readonly id: string;
  readonly version?: string;
  /** Operating point of every finding: what an update may change. */
  readonly threshold?: number;
  /** Known answers that no device will ever give. */
  readonly wrongAnswers?: boolean;
  /** Files of 256 KiB that are only there to be carried. */
  readonly ballastFiles?: number;
}

export async function writeTinyFindings(folder: string, options: TinyFindingsOptions): Promise<PackManifest> {
  const { id, version = '1.0.0', threshold = 0.5, wrongAnswers = false, ballastFiles = 0 } = options;
  const next = seededNumbers(1);
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => next() - 0.5);
  const bias = Float32Array.of(0.25, -0.25);
  const writer = new GraphWriter();
  const input = writer.placeholder('input', [1, side, side, 1]);
  const weight = writer.constant('weight', [3, 3, 1, features], random(3 * 3 * features));
  const body = writer.convolution(
    'body',
    input,
    weight,
    writer.constant('bias', [features], random(features)),
    stride,
    'Relu6',
  );
  const head = writer.constant('head', [1, 1, features, findings.length], random(features * findings.length));
  const maps = writer.plainConvolution('maps', body, head);
  const mean = writer.globalAverage('mean', maps, side / stride);
  const logits = writer.add('logits', mean, writer.constant('head-bias', [findings.length], bias));
  const pooled = writer.globalAverage('features', body, side / stride);

  const encoded = encodeNetwork(writer, 'float32');
  const draft: Omit<FindingsManifest, 'files'> = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'findings',
    title: `Tiny ${version}`,
    summary: 'For tests.',
    licence: 'Apache-2.0',
    sources: [{ title: 'None', licence: 'Apache-2.0', citation: 'None', url: 'https://example.org/' }],
    citations: ['None'],
    input: { width: side, height: side, channels: 1, geometry: 'crop-resize', range: [-1, 1] },
    outputs: { logits, maps, features: pooled },
    findings: findings.map((finding, index) => ({
      id: finding,
      operatingPoints: { digital: { score: threshold, rule: 'youden' } },
      grade: 'unmeasured',
      bias: bias[index] ?? 0,
    })),
    calibrated: false,
    weights: encoded.weights,
  };

  await startEngine('simd', nodeEnginePaths());
  const network = loadFindingsNetwork(contentsOf(draft, encoded));
  const answers = Array.from(network.answer(testPattern('rings', side, side).map((value) => 2 * value - 1)));
  network.dispose();
  const golden: Golden = {
    formatVersion: 1,
    origin: 'this network, in Node',
    tolerance: { source: { logit: 1e-3, probability: 1e-3 }, pack: { logit: 1e-2, probability: 1e-3 } },
    inputs: [{ name: 'rings', source: answers, pack: wrongAnswers ? answers.map((answer) => answer + 1) : answers }],
  };
  await writeNetwork(folder, encoded);
  await writeFile(join(folder, 'golden.json'), toJson(golden));
  for (let index = 0; index < ballastFiles; index += 1) {
    await writeFile(join(folder, `ballast-${index}.dat`), new Uint8Array(ballastFileBytes).fill(index));
  }
  return writeManifest(folder, draft);
}
