import { cleanText } from '../../shared/clean-text.ts';
import { maxShownTextLength } from '../../shared/limits.ts';
import type { PatientLabel } from '../../shared/patient-label.ts';
import { decodeDicomText } from './character-sets.ts';
import type { DataSet } from './data-set.ts';
import type { DicomFile } from './parse-dicom.ts';
import { tags } from './tags.ts';

/**
 * Name, identifiers and dates of a file, apart from everything else that is read of it.
 *
 * @returns undefined where the file names nobody, as a de-identified one
 */
export function readPatientLabel({ dataSet }: DicomFile): PatientLabel | undefined {
  const label: PatientLabel = {
    ...shown('name', personName(textOf(dataSet, tags.patientName))),
    ...shown('id', textOf(dataSet, tags.patientId)),
    ...shown('birthDate', date(textOf(dataSet, tags.patientBirthDate))),
    ...shown('studyDate', date(textOf(dataSet, tags.studyDate))),
    ...shown('accessionNumber', textOf(dataSet, tags.accessionNumber)),
  };
  return Object.keys(label).length === 0 ? undefined : label;
}

function shown(key: keyof PatientLabel, text: string): PatientLabel {
  const cleaned = cleanText(text);
  return cleaned === '' ? {} : { [key]: cleaned };
}

function textOf(dataSet: DataSet, tag: number): string {
  // Four bytes a character at most, and room for escape sequences: a hostile text is not decoded whole.
  const bytesPerCharacter = 8;
  const value = dataSet.value(tag)?.subarray(0, maxShownTextLength * bytesPerCharacter) ?? new Uint8Array();
  return decodeDicomText(value, dataSet.texts(tags.specificCharacterSet));
}

/** Family, given and further names in the file's order; the name in other scripts after it (PS3.5 §6.2.1). */
function personName(value: string): string {
  return value
    .split('=')
    .map((group) =>
      group
        .split('^')
        .filter((part) => part.trim() !== '')
        .join(' '),
    )
    .filter((group) => group.trim() !== '')
    .join(' · ');
}

/** `20240307`, also `2024.03.07` of ACR-NEMA, as ISO 8601; anything else stays as it is. */
function date(text: string): string {
  const match = /^\s*(\d{4})\.?(\d{2})\.?(\d{2})\s*$/.exec(text.replace(/\0/g, ''));
  return match === null ? text : match.slice(1).join('-');
}
