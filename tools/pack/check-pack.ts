/** Proves a pack in a folder: schema, hashes, known answers against source and pack, maps against logits. */

import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { provePack } from '../../src/inference/prove-pack.ts';
import type { Golden } from '../../src/shared/pack.ts';
import { validatePack } from '../../src/storage/validate-pack.ts';
import { readPackFolder } from '../read/load-pack-folder.ts';
import { goldenInputValues, requireNearSource, worstDifference } from './golden.ts';

/** Mean of a map plus bias is the logit, up to float32 rounding. */
const mapTolerance = 1e-3;

/** @returns lines to print @throws Error or AppError saying what does not hold */
export async function checkPack(folder: string): Promise<string[]> {
  const contents = await readPackFolder(folder);
  const { manifest, files } = contents;
  validatePack(manifest);
  const golden = JSON.parse(new TextDecoder().decode(files.get('golden.json'))) as Golden;
  requireNearSource(golden);
  const source = worstDifference(golden);
  const network = loadFindingsNetwork(contents);
  const proof = provePack(network, contents, 'simd');
  if (!proof.passed)
    throw new Error(`${manifest.id}: known answers do not hold (${proof.worstInput}: ${proof.worstLogit})`);
  let worstMap = 0;
  for (const { name } of golden.inputs) {
    const { logits, maps } = network.run(await goldenInputValues(folder, name, manifest.input));
    const { findings } = network.manifest;
    findings.forEach(({ bias }, finding) => {
      const count = findings.length;
      const values = Array.from(maps.values).filter((_, index) => index % count === finding);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      worstMap = Math.max(worstMap, Math.abs(mean + bias - (logits[finding] ?? NaN)));
    });
  }
  network.dispose();
  if (!(worstMap <= mapTolerance)) throw new Error(`${manifest.id}: maps and logits differ by ${worstMap}`);
  return [
    `${manifest.id} ${manifest.version}: ${manifest.files.length} files, hashes hold`,
    `source: at most ${source.logit.toFixed(5)} in logit, ${source.probability.toFixed(6)} in probability`,
    `known answers on plain SIMD: at most ${proof.worstLogit.toExponential(1)} in logit`,
    `maps: mean + bias is the logit within ${worstMap.toExponential(1)}`,
  ];
}
