/** What a photograph costs, as a pack's own thresholds tell. */

import { msg, str } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { InputKind } from '../shared/analysis.ts';
import type { FindingsManifest } from '../shared/pack.ts';
import { formatNumber } from './format.ts';

const ofPatients = 100;

/** How often what is not there stays below its threshold, shares 0..1, as means of the same findings. */
export interface PhotoCost {
  readonly photographs: number;
  readonly originals: number;
  readonly findings: number;
}

/** `undefined` where the pack was not measured on such pictures. Both thresholds are those of the same sensitivity. */
export function photoCost({ findings }: FindingsManifest, kind: InputKind): PhotoCost | undefined {
  const pairs = findings.flatMap(({ operatingPoints }) => {
    const here = operatingPoints[kind]?.specificity;
    const digital = operatingPoints.digital.specificity;
    return kind === 'digital' || here === undefined || digital === undefined ? [] : [{ here, digital }];
  });
  if (pairs.length === 0) return undefined;
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  return { photographs: mean(({ here }) => here), originals: mean(({ digital }) => digital), findings: pairs.length };
}

/** On the screen and on paper: what a photograph costs cannot be seen in its scores. */
export function photoWords({ analysis, pack }: Pick<Result, 'analysis' | 'pack'>): string {
  const cost = photoCost(pack, analysis.image.source.inputKind);
  const words = msg('From a photograph: less reliable.');
  if (cost === undefined) return `${words} ${msg('The model was measured on digital originals.')}`;
  const of100 = (share: number): string => formatNumber(share * ofPatients, 0);
  return `${words} ${msg(
    str`Of 100 patients without a finding, ${of100(cost.photographs)} were below its threshold on synthetic photographs and ${of100(cost.originals)} on digital originals (mean of ${cost.findings} findings).`,
  )}`;
}
