import type { DeidentifiedCopy } from '../shared/deidentified-copy.ts';
import { dateLength } from './export-json.ts';

/** The copy with a name that says when it was made, and nothing of the original's, which may be the patient's. */
export function deidentifiedFile(copy: DeidentifiedCopy): DeidentifiedCopy & { readonly fileName: string } {
  const time = new Date().toISOString().slice(0, dateLength).replaceAll(':', '-');
  return { ...copy, fileName: `deidentified-${time}.dcm` };
}
