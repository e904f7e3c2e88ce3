import type { GateVerdict, ReasonCode } from '../../../src/shared/analysis.ts';
import type { GateReport } from '../report.ts';
import { wilsonInterval } from '../statistics/wilson.ts';

export interface GateAnswer {
  /** What the picture shows, as its table or folder says. */
  readonly kind: string;
  readonly verdict: GateVerdict;
  readonly reasons: readonly ReasonCode[];
}

/** What the gate said of each kind of picture: commonest kind first. */
export function measureGate(answers: readonly GateAnswer[]): GateReport {
  const kinds = [...new Set(answers.map(({ kind }) => kind))];
  const reports = kinds.map((kind) => {
    const own = answers.filter((answer) => answer.kind === kind);
    const count = (verdict: GateVerdict): number => own.filter((answer) => answer.verdict === verdict).length;
    const reasons: Record<string, number> = {};
    for (const code of own.flatMap((answer) => answer.reasons)) reasons[code] = (reasons[code] ?? 0) + 1;
    return {
      kind,
      images: own.length,
      pass: count('pass'),
      warn: count('warn'),
      refuse: count('refuse'),
      refused: wilsonInterval(count('refuse'), own.length) ?? null,
      reasons: Object.fromEntries(Object.entries(reasons).sort(([, a], [, b]) => b - a)),
    };
  });
  return { kinds: reports.sort((a, b) => b.images - a.images) };
}
