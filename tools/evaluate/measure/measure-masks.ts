import type { LungsManifest, PackContents } from '../../../src/shared/pack.ts';
import { startEngine } from '../../../src/inference/engine.ts';
import { loadLungsNetwork } from '../../../src/inference/lungs-network.ts';
import { readDrawnCase, type DrawnCase, type DrawnFiles } from '../../pack/lungs/drawn-case.ts';
import { measureLungs } from '../../pack/lungs/measure-lungs.ts';
import { createProgress } from '../../read/progress.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import type { LungsReport } from '../report.ts';

/**
 * Outlines of lungs and heart and the ratio of their widths against drawn ones: Dice coefficients by source, errors of the ratio.
 *
 * @param signal ends the work after the current picture
 * @returns `null` where nothing is drawn, `undefined` where `signal` ended it
 * @throws AppError of packs and engine, and of a picture or mask that cannot be read
 */
export async function measureMasks(
  pack: PackContents<LungsManifest>,
  drawn: readonly DrawnFiles[],
  signal: AbortSignal,
): Promise<LungsReport | null | undefined> {
  if (drawn.length === 0) return null;
  await startEngine('simd', nodeEnginePaths());
  const network = loadLungsNetwork(pack);
  const { id, version } = pack.manifest;
  process.stderr.write(`${id} ${version}:\n`);
  const progress = createProgress(drawn.length, 0);
  async function* cases(): AsyncGenerator<DrawnCase> {
    for (const files of drawn) {
      // Lets a signal's handler run: inference itself does not yield.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
      yield await readDrawnCase(files);
      progress.step({ failed: false });
    }
  }
  try {
    const figures = await measureLungs(network, cases());
    return signal.aborted ? undefined : { pack: `${id}@${version}`, ...figures };
  } finally {
    progress.finish();
    network.dispose();
  }
}
