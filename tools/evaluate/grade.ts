import type { Grade } from '../../src/shared/analysis.ts';

/** Lower end of the 95 % interval of the AUC. */
const strongFrom = 0.75;
const fairFrom = 0.65;

/** With fewer patients a bootstrap of them is far narrower than what is not known. */
const fewestPatients = 10;

/**
 * How well a finding was measured to be seen: by what the AUC is at least.
 *
 * @param positivePatients patients with the finding, where that is known
 */
export function gradeOf(aucLowerEnd: number, positivePatients = fewestPatients): Grade {
  if (positivePatients < fewestPatients) return 'unmeasured';
  if (aucLowerEnd >= strongFrom) return 'strong';
  return aucLowerEnd >= fairFrom ? 'fair' : 'weak';
}
