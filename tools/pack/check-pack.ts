/** Proves a pack in a folder: schema, hashes, known answers against source and pack, maps against logits. */

import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import { loadLungsNetwork } from '../../src/inference/lungs-network.ts';
import { loadPictureGate } from '../../src/inference/picture-gate-network.ts';
import { provePack, readGolden, type KnownAnswerer } from '../../src/inference/prove-pack.ts';
import { loadSecondOpinion } from '../../src/inference/second-opinion.ts';
import type { PackContents } from '../../src/shared/pack.ts';
import { readPackFolder } from '../read/load-pack-folder.ts';
import { goldenInputValues, requireNearSource, worstDifference } from './golden.ts';

/** Mean of a map plus bias is the logit, up to float32 rounding. */
const mapTolerance = 1e-3;

/** An engine must be running. @returns lines to print @throws Error or AppError saying what does not hold */
export async function checkPack(folder: string): Promise<string[]> {
  const contents = await readPackFolder(folder);
  const { manifest } = contents;
  const golden = readGolden(contents);
  requireNearSource(golden);
  const source = worstDifference(golden);
  const described = [
    `${manifest.id} ${manifest.version}: ${manifest.files.length} files, hashes hold`,
    `source: at most ${source.logit.toFixed(5)} in logit, ${source.probability.toFixed(6)} in probability`,
  ];
  if (manifest.role !== 'findings') {
    const load = { gate: loadPictureGate, lungs: loadLungsNetwork, 'second-opinion': loadSecondOpinion }[manifest.role];
    const network = load(contents);
    try {
      return [...described, requireProof(network, contents)];
    } finally {
      network.dispose();
    }
  }
  const network = loadFindingsNetwork(contents);
  try {
    const proven = requireProof(network, contents);
    let worstMap = 0;
    for (const { name } of golden.inputs) {
      const { logits, maps } = network.run(await goldenInputValues(folder, name, manifest.input));
      const { findings } = network.manifest;
      findings.forEach(({ bias }, finding) => {
        const values = Array.from(maps.values).filter((_, index) => index % findings.length === finding);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        worstMap = Math.max(worstMap, Math.abs(mean + bias - (logits[finding] ?? NaN)));
      });
    }
    if (!(worstMap <= mapTolerance)) throw new Error(`${manifest.id}: maps and logits differ by ${worstMap}`);
    return [...described, proven, `maps: mean + bias is the logit within ${worstMap.toExponential(1)}`];
  } finally {
    network.dispose();
  }
}

function requireProof(network: KnownAnswerer, contents: PackContents): string {
  const { passed, worstInput, worstLogit } = provePack(network, contents, 'simd');
  if (!passed) throw new Error(`${contents.manifest.id}: known answers do not hold (${worstInput}: ${worstLogit})`);
  return `known answers on plain SIMD: at most ${worstLogit.toExponential(1)}`;
}
