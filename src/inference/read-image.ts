import type { FindingMap, Gate, GrayImage, Reading, Reason, SecondOpinion } from '../shared/analysis.ts';
import type { AnalyzeOptions, InferenceStage } from '../shared/messages.ts';
import { findBurnedInText } from '../imaging/burned-in-text.ts';
import { networkField, toNetworkInput } from '../imaging/network-input.ts';
import { anatomyReasons, describeAnatomy, evidenceInside } from './describe-anatomy.ts';
import type { FindingsNetwork, NetworkAnswer } from './findings-network.ts';
import { gateOnHeader } from './gate/header-gate.ts';
import { gateOnPicture } from './gate/picture-gate.ts';
import { gateOnPixels } from './gate/pixel-gate.ts';
import { measurePixelSigns } from './gate/pixel-signs.ts';
import { gateOnText } from './gate/text-gate.ts';
import { joinReasons } from './gate/verdict.ts';
import type { LungsNetwork } from './lungs-network.ts';
import type { PictureGateNetwork } from './picture-gate-network.ts';
import { scoreFindings, thresholdsName } from './score-findings.ts';
import { secondOpinionReasons, type SecondOpinionNetwork } from './second-opinion.ts';

/** The networks that an image is shown to. */
export interface ReadingNetworks {
  readonly findings: FindingsNetwork;
  readonly gate?: PictureGateNetwork;
  readonly lungs?: LungsNetwork;
  readonly secondOpinion?: SecondOpinionNetwork;
}

/**
 * One image: gate on the pixels (with a trained gate, lungs and heart and the second opinion, where there are packs for them) → findings network
 * (scores, maps and features in one run) → gate on the features → bands and order → maps. One value at the end: nothing can be shown before both gates have spoken. Where they refuse,
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
  const { findings: network, gate: pictureGate, lungs, secondOpinion } = networks;
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

  const { signs, textLines, pixelReasons, opinion, parts } = await timed('gate', () => {
    const measured = measurePixelSigns(image);
    const lines = findBurnedInText(image);
    const judged = secondOpinion?.judge(image);
    const trained = pictureGate === undefined ? [] : gateOnPicture(pictureGate.look(image), pictureGate.manifest);
    const seen = lungs && describeAnatomy(lungs.segment(image), lungs.manifest);
    const reasons = [
      ...gateOnHeader(image.source),
      // What is refused for a reason is not warned of for the same one.
      ...gateOnPixels(image, measured).filter(({ code }) => !isRefused(code, trained)),
      ...gateOnText(lines),
      ...trained,
      ...anatomyReasons(seen?.anatomy),
      ...secondOpinionReasons(judged),
    ];
    return { signs: measured, textLines: lines, pixelReasons: reasons, opinion: judged, parts: seen };
  });
  const { input, answer, gate, findings } = await timed('findings', () => {
    const seen = toNetworkInput(image, manifest.input);
    const found = network.run(seen);
    const reasons = [...pixelReasons, ...network.judgeFeatures(found.features, signs.lungFields)];
    const scores = scoreFindings(found.logits, manifest, image.source.inputKind, options.prevalences);
    const joined = joinReasons(reasons, image.source.photo?.reasons);
    return { input: seen, answer: found, gate: withOpinion(joined, opinion), findings: scores };
  });
  const field = networkField(image.width, image.height, manifest.input.geometry, manifest.input);
  const { maps, anatomy } = await timed('maps', () => {
    const drawn = toMaps(answer, network);
    const placement = { width: image.width, height: image.height, field };
    const insideLungs = parts && evidenceInside(parts.lungs, drawn, placement);
    return { maps: drawn, anatomy: parts && insideLungs && { ...parts.anatomy, insideLungs } };
  });

  return {
    gate,
    findings,
    maps,
    textBoxes: textLines.map(({ box }) => box),
    ...(anatomy === undefined ? {} : { anatomy }),
    ...(options.features === true ? { features: Array.from(answer.features) } : {}),
    ...(options.logits === true ? { logits: Array.from(answer.logits) } : {}),
    ...(options.input === true ? { input } : {}),
    timings,
    packs: Object.fromEntries(
      [network, pictureGate, lungs, secondOpinion].flatMap((used) =>
        used === undefined ? [] : [[used.manifest.id, used.manifest.version]],
      ),
    ),
    thresholds: thresholdsName(manifest, image.source.inputKind, options.prevalences),
    field,
  };
}

function isRefused(code: Reason['code'], reasons: readonly Reason[]): boolean {
  return reasons.some((reason) => reason.code === code && reason.severity === 'refuse');
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
