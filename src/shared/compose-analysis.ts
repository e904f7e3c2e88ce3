import type { Analysis, AnalyzedImage, Reading } from './analysis.ts';

/** What the inference worker does not know of an image: who it is and when it was read. */
export interface AnalysisIdentity {
  readonly id: string;
  /** ISO 8601 with time zone. */
  readonly createdAt: string;
  readonly label?: string;
  readonly image: AnalyzedImage;
  readonly appVersion: string;
}

/**
 * One `Analysis` from what was read and whose it is. Pure: app and command line use the same, so that their JSON is
 * the same. Features are no part of an analysis and are left out; maps are left out unless asked for.
 */
export function composeAnalysis(
  reading: Reading,
  identity: AnalysisIdentity,
  options: { readonly maps: boolean },
): Analysis {
  const { name, sha256, width, height, source } = identity.image;
  return {
    id: identity.id,
    createdAt: identity.createdAt,
    ...(identity.label === undefined ? {} : { label: identity.label }),
    image: { name, sha256, width, height, source },
    gate: reading.gate,
    findings: reading.findings,
    ...(reading.anatomy === undefined ? {} : { anatomy: reading.anatomy }),
    ...(reading.logits === undefined ? {} : { logits: reading.logits }),
    ...(options.maps ? { maps: reading.maps } : {}),
    field: reading.field,
    timings: reading.timings,
    versions: { app: identity.appVersion, packs: reading.packs, thresholds: reading.thresholds },
  };
}
