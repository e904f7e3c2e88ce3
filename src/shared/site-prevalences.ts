/**
 * What a site states of its own patients: finding id → share of the patients who are X-rayed there that have the finding,
 * strictly between 0 and 1. A finding that is not in it is stated at the pack's reference prevalence.
 */
export type SitePrevalences = Readonly<Record<string, number>>;

/** Rarer than one in ten thousand or commoner than all but that many: a slip of the pen, not a statement. */
const smallest = 1e-4;

/** Whether a probability can be stated at this share. */
export function isPrevalence(value: unknown): value is number {
  return typeof value === 'number' && value >= smallest && value <= 1 - smallest;
}
