import type { FindingMap, Gate, GrayImage, Reading, SecondOpinion } from '../shared/analysis.ts';
import type { AnalyzeOptions, InferenceStage } from '../shared/messages.ts';
import { networkField, toNetworkInput } from '../imaging/network-input.ts';
import type { FindingsNetwork, NetworkAnswer } from './findings-network.ts';
import { gateOnHeader } from './gate/header-gate.ts';
import { gateOnPixels } from './gate/pixel-gate.ts';
import { measurePixelSigns } from './gate/pixel-signs.ts';
import { joinReasons } from './gate/verdict.ts';
import { scoreFindings, thresholdsName } from './score-findings.ts';
import { secondOpinionReasons, type SecondOpinionNetwork } from './second-opinion.ts';

/** The networks that an image is shown to. */
export interface ReadingNetworks {
  readonly findings: FindingsNetwork;
  readonly secondOpinion?: SecondOpinionNetwork;
}

/**
 * One image: gate on the pixels (and the second opinion, where there is one) → findings network (scores, maps and features in one run) → gate on the features →
 * bands and order → maps. One value at the end: nothing can be shown before both gates have spoken. Where they refuse,
 * the findings are there all the same; who shows them asks a person first.
 *
 * @param onStage called when a stage begins
 * @throws AppError `wrong-output`
 */
export async function readImage(
  image: GrayImage,
  networks: ReadingNetworks,
  options: AnalyzeOptions,
  onStage: (stage: InferenceStage) => void | Promise<void>,
): Promise<Reading> {
  const { findings: network, secondOpinion } = networks;
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

  const { signs, pixelReasons, opinion } = await timed('gate', () => {
    const measured = measurePixelSigns(image);
    const judged = secondOpinion?.judge(image);
    const reasons = [...gateOnHeader(image.source), ...gateOnPixels(image, measured), ...secondOpinionReasons(judged)];
    return { signs: measured, pixelReasons: reasons, opinion: judged };
  });
  const { answer, gate, findings } = await timed('findings', () => {
    const found = network.run(toNetworkInput(image, manifest.input));
    const reasons = [...pixelReasons, ...network.judgeFeatures(found.features, signs.lungFields)];
    const scores = scoreFindings(found.logits, manifest, image.source.inputKind);
    return {
      answer: found,
      gate: withOpinion(joinReasons(reasons, image.source.photo?.reasons), opinion),
      findings: scores,
    };
  });
  const maps = await timed('maps', () => toMaps(answer, network));

  return {
    gate,
    findings,
    maps,
    ...(options.features === true ? { features: Array.from(answer.features) } : {}),
    ...(options.logits === true ? { logits: Array.from(answer.logits) } : {}),
    timings,
    packs: Object.fromEntries(
      [manifest, ...(secondOpinion === undefined ? [] : [secondOpinion.manifest])].map(({ id, version }) => [
        id,
        version,
      ]),
    ),
    thresholds: thresholdsName(manifest, image.source.inputKind),
    field: networkField(image.width, image.height, manifest.input.geometry, manifest.input),
  };
}

function withOpinion(gate: Gate, secondOpinion: SecondOpinion | undefined): Gate {
  return secondOpinion === undefined ? gate : { ...gate, secondOpinion };
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
