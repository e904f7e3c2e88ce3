/** Whom a DICOM file says it is of; text from the file, shown as text. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { PatientLabel } from '../shared/patient-label.ts';

export function patientLine(patient: PatientLabel | undefined): TemplateResult | typeof nothing {
  if (patient === undefined) return nothing;
  const { name, id, birthDate, studyDate, accessionNumber } = patient;
  const parts = [
    name,
    ...(id === undefined ? [] : [msg(str`ID ${id}`)]),
    ...(birthDate === undefined ? [] : [msg(str`born ${birthDate}`)]),
    ...(studyDate === undefined ? [] : [msg(str`taken ${studyDate}`)]),
    ...(accessionNumber === undefined ? [] : [msg(str`accession ${accessionNumber}`)]),
  ].filter((part) => part !== undefined);
  return html`<p class="patient">
    <span class="quiet-text">${msg('The file is of')}</span> <strong translate="no">${parts.join(' · ')}</strong>
  </p>`;
}
