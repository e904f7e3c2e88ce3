/**
 * What a site states of its own patients: finding id → share of the patients who are X-rayed there that have the finding,
 * strictly between 0 and 1. A finding that is not in it is stated at the pack's reference prevalence.
 */
export type SitePrevalences = Readonly<Record<string, number>>;

/** Rarer than one in ten thousand, or commoner than all but that many: a slip of the pen, not a statement. */
export const leastPrevalence = 1e-4;
export const mostPrevalence = 1 - leastPrevalence;

/** Whether a probability can be stated at this share. */
export function isPrevalence(share: number): boolean {
  return share >= leastPrevalence && share <= mostPrevalence;
}
