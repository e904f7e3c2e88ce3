import type { FindingMap, GrayImage, Reading } from '../shared/analysis.ts';
import type { AnalyzeOptions, InferenceStage } from '../shared/messages.ts';
import { networkField, toNetworkInput } from '../imaging/network-input.ts';
import type { FindingsNetwork, NetworkAnswer } from './findings-network.ts';
import { gateOnPixels } from './gate/pixel-gate.ts';
import { measurePixelSigns } from './gate/pixel-signs.ts';
import { joinReasons } from './gate/verdict.ts';
import { scoreFindings, thresholdsName } from './score-findings.ts';

/**
 * One image: gate on the pixels → findings network (scores, maps and features in one run) → gate on the features →
 * bands and order → maps. One value at the end: nothing can be shown before both gates have spoken. Where they refuse,
 * the findings are there all the same; who shows them asks a person first.
 *
 * @param onStage called when a stage begins
 * @throws AppError `wrong-output`
 */
export async function readImage(
  image: GrayImage,
  network: FindingsNetwork,
  options: AnalyzeOptions,
  onStage: (stage: InferenceStage) => void | Promise<void>,
): Promise<Reading> {
  const { manifest } = network;
  const timings: Partial<Record<InferenceStage, number>> = {};
  const timed = async <T>(stage: InferenceStage, work: () => T): Promise<T> => {
    // Awaited, so that the message is out before the thread is busy.
    await onStage(stage);
    const start = performance.now();
    const value = work();
    timings[stage] = performance.now() - start;
    return value;
  };

  const { signs, pixelReasons } = await timed('gate', () => {
    const measured = measurePixelSigns(image);
    return { signs: measured, pixelReasons: gateOnPixels(image, measured) };
  });
  const { answer, gate, findings } = await timed('findings', () => {
    const found = network.run(toNetworkInput(image, manifest.input));
    const reasons = [...pixelReasons, ...network.judgeFeatures(found.features, signs.lungFields)];
    const scores = scoreFindings(found.logits, manifest, image.source.inputKind);
    return { answer: found, gate: joinReasons(reasons), findings: scores };
  });
  const maps = await timed('maps', () => toMaps(answer, network));

  return {
    gate,
    findings,
    maps,
    ...(options.features === true ? { features: Array.from(answer.features) } : {}),
    timings,
    packs: { [manifest.id]: manifest.version },
    thresholds: thresholdsName(manifest, image.source.inputKind),
    field: networkField(image.width, image.height, manifest.input.geometry, manifest.input),
  };
}

/** [height][width][finding] as one map a finding. */
function toMaps({ maps }: NetworkAnswer, { manifest }: FindingsNetwork): Record<string, FindingMap> {
  const { width, height, values } = maps;
  const count = manifest.findings.length;
  return Object.fromEntries(
    manifest.findings.map(({ id }, finding) => {
      const own = Array.from({ length: width * height }, (_, place) => values[place * count + finding]!);
      return [id, { width, height, values: own }];
    }),
  );
}
