import type { DicomFacts } from '../../shared/analysis.ts';
import { cleanText } from '../../shared/clean-text.ts';
import type { DataSet } from './data-set.ts';
import type { DicomFile } from './parse-dicom.ts';
import { tags } from './tags.ts';

/** Facts of the header that say whether the picture is fit to be read; nothing that names a patient. */
export type HeaderFacts = Omit<DicomFacts, 'voi' | 'voiChoices' | 'frame' | 'frames' | 'pipeline' | 'photometric'>;

const yearsOf: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };
const oldestYears = 150;

export function readHeaderFacts({ dataSet, transferSyntax, transferSyntaxGuessed }: DicomFile): HeaderFacts {
  const region = dataSet.items(tags.anatomicRegionSequence)[0];
  const bodyPart = shownText(dataSet, tags.bodyPartExamined) ?? (region && shownText(region, tags.codeMeaning));
  const age = patientAgeYears(dataSet);
  const burnedIn = dataSet.text(tags.burnedInAnnotation);
  const ratio = Math.max(0, ...dataSet.decimals(tags.lossyImageCompressionRatio));
  const isLossy = transferSyntax.lossy || dataSet.text(tags.lossyImageCompression) === '01';
  return {
    transferSyntax: transferSyntax.uid,
    transferSyntaxName: transferSyntax.name,
    ...(transferSyntaxGuessed ? { transferSyntaxGuessed } : {}),
    ...optional('modality', shownText(dataSet, tags.modality)),
    ...optional('bodyPart', bodyPart),
    ...optional('viewPosition', shownText(dataSet, tags.viewPosition)),
    ...optional('patientAgeYears', age),
    ...optional('presentationIntent', shownText(dataSet, tags.presentationIntent)),
    ...(burnedIn === 'YES' || burnedIn === 'NO' ? { burnedInAnnotation: burnedIn === 'YES' } : {}),
    ...(isLossy ? { lossy: ratio > 0 ? { ratio } : {} } : {}),
  };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}

function shownText(dataSet: DataSet, tag: number): string | undefined {
  const text = cleanText(dataSet.text(tag) ?? '');
  return text === '' ? undefined : text;
}

/** Patient's age (PS3.5 §6.2, AS), else from the dates of birth and study. */
function patientAgeYears(dataSet: DataSet): number | undefined {
  const match = /^(\d{1,3})([DWMY])$/.exec(dataSet.text(tags.patientAge) ?? '');
  const unit = yearsOf[match?.[2] ?? ''];
  if (match !== null && unit !== undefined) return roundedYears(Number(match[1]) * unit);
  const birth = dateOf(dataSet.text(tags.patientBirthDate));
  const study = dateOf(dataSet.text(tags.studyDate));
  if (birth === undefined || study === undefined) return undefined;
  const yearMs = 365.25 * 24 * 3600 * 1000;
  const years = (study - birth) / yearMs;
  return years >= 0 && years <= oldestYears ? roundedYears(years) : undefined;
}

/** Two decimals: days matter for the newborn, and the exact date of birth is nobody's business. */
function roundedYears(years: number): number {
  const hundredth = 100;
  return Math.round(years * hundredth) / hundredth;
}

function dateOf(text: string | undefined): number | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text ?? '');
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}
