import type { TextLine } from '../../imaging/burned-in-text.ts';
import type { Reason } from '../../shared/analysis.ts';

/** Lines of writing in the picture: they may name the patient, and a network may learn from them. `value`: how many. */
export function gateOnText(lines: readonly TextLine[]): Reason[] {
  return lines.length === 0 ? [] : [{ code: 'burned-in-text', severity: 'warn', value: lines.length }];
}
