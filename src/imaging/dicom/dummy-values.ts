/**
 * What stands in place of a value that must not be empty (PS3.15 §E.1, action D), by value representation. A sequence
 * becomes one without items: none of those that the profile names D belongs to a picture.
 */
const dummies = {
  AE: 'REMOVED',
  AS: '000Y',
  CS: 'REMOVED',
  DA: '19000101',
  DT: '19000101',
  LO: 'REMOVED',
  LT: 'REMOVED',
  OB: '\0\0',
  PN: 'REMOVED',
  SH: 'REMOVED',
  SQ: '',
  ST: 'REMOVED',
  TM: '000000',
  UC: 'REMOVED',
  // Replaced like every other UID: deidentify-data-set.ts does not come here with one.
  UI: '',
  UN: '\0\0',
  UR: 'urn:removed',
  UT: 'REMOVED',
} as const;

export type DummyVr = keyof typeof dummies;

export function dummyValue(vr: DummyVr): Uint8Array {
  return asciiBytes(dummies[vr]);
}

export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
