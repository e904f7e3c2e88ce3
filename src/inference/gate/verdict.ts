import { reasonCodes, type Gate, type Reason, type ReasonCode, type Severity } from '../../shared/analysis.ts';

/**
 * Doubts about what the picture is. Each rests on another property of it: texture or colour or tones, edges, lungs,
 * shape, white, black, and what the network sees.
 */
const doubtsAboutKind: ReadonlySet<ReasonCode> = new Set([
  'not-an-xray',
  'other-modality',
  'other-body-part',
  'cut-off',
  'under-exposed',
  'over-exposed',
  'far-from-training',
]);

/**
 * One doubt warns, and so do two: a burnt film may be white and lack lungs. Three at once met in fewer than one of
 * 300 frontal X-rays of adults and in most photographs, documents and slices (`npm run measure-gate`).
 */
export const doubtsThatRefuse = 3;

const ranks: Readonly<Record<Severity, number>> = { refuse: 0, warn: 1, info: 2 };

/**
 * All producers' reasons as one verdict: the worst of them. Of several with one code from one source the worst is kept; where
 * three doubts of the gate's own about the kind of picture meet, each of them refuses. Order: severity, then that of
 * `reasonCodes`.
 *
 * @param ofPhotograph what the checks of a photograph found: it tells how well a picture was taken, and never counts as a
 *   doubt about what it is
 */
export function joinReasons(reasons: readonly Reason[], ofPhotograph: readonly Reason[] = []): Gate {
  const worstOf = new Map<string, Reason>();
  for (const reason of [...reasons, ...ofPhotograph]) {
    const key = `${reason.code} ${reason.source ?? ''}`;
    const known = worstOf.get(key);
    if (known === undefined || ranks[reason.severity] < ranks[known.severity]) worstOf.set(key, reason);
  }
  const isDoubt = (reason: Reason): boolean =>
    reason.severity !== 'info' &&
    reason.source === undefined &&
    !ofPhotograph.includes(reason) &&
    doubtsAboutKind.has(reason.code);
  const doubts = [...worstOf.values()].filter(isDoubt).length;
  const joined = [...worstOf.values()].map((reason): Reason =>
    doubts >= doubtsThatRefuse && isDoubt(reason) ? { ...reason, severity: 'refuse' } : reason,
  );
  joined.sort(
    (a, b) => ranks[a.severity] - ranks[b.severity] || reasonCodes.indexOf(a.code) - reasonCodes.indexOf(b.code),
  );
  const worst = joined[0]?.severity ?? 'info';
  return { verdict: worst === 'info' ? 'pass' : worst, reasons: joined };
}
