import assert from 'node:assert/strict';
import { confidentialityProfile } from '../../src/imaging/dicom/confidentiality-profile.ts';
import type { DataSet } from '../../src/imaging/dicom/data-set.ts';
import { dummyValue } from '../../src/imaging/dicom/dummy-values.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { tagName } from '../../src/imaging/dicom/tags.ts';

/** Every attribute of the profile that a copy still has with a value that may be the patient's; empty where all is well. */
export function whatIsLeft(copy: Uint8Array, original: Uint8Array): readonly string[] {
  const before = uidsOf(parseDicom(original, { everySequence: true }).dataSet);
  const { dataSet } = parseDicom(copy, { everySequence: true });
  return left(dataSet, before);
}

function left(dataSet: DataSet, uidsBefore: ReadonlySet<string>): readonly string[] {
  return [...dataSet.elements()].flatMap((element) => {
    const { tag, items, length } = element;
    const name = tagName(tag);
    if ((tag >>> 16) % 2 === 1) return [`${name} private`];
    if ([0x5000, 0x6000].includes((tag >>> 16) & 0xff00)) return [`${name} overlay or curve`];
    const attribute = confidentialityProfile.get(tag);
    if (attribute === undefined) return (items ?? []).flatMap((item) => left(item, uidsBefore));
    if (attribute.action === 'X' || attribute.action === 'X/Z/U*') return [`${name} ${attribute.name}`];
    if (length === 0) return [];
    if (attribute.action === 'U' || attribute.vr === 'UI') {
      return dataSet.texts(tag).some((uid) => uidsBefore.has(uid)) ? [`${name} ${attribute.name}`] : [];
    }
    if (attribute.vr === undefined || !attribute.action.endsWith('D')) return [`${name} ${attribute.name}`];
    const dummy = String.fromCharCode(...dummyValue(attribute.vr)).replace(/\0/g, '');
    return dataSet.texts(tag).join('\\') === dummy ? [] : [`${name} ${attribute.name}`];
  });
}

/** UIDs that the profile replaces, in whatever depth; not the standard's own. */
function uidsOf(dataSet: DataSet): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (set: DataSet): void => {
    for (const { tag, items } of set.elements()) {
      if (confidentialityProfile.get(tag)?.action === 'U') {
        for (const uid of set.texts(tag)) if (uid !== '' && !uid.startsWith('1.2.840.10008.')) found.add(uid);
      }
      for (const item of items ?? []) walk(item);
    }
  };
  walk(dataSet);
  return found;
}

/** A text must not lie anywhere in the file, in whatever element. */
export function assertNowhere(file: Uint8Array, words: string): void {
  assert.equal(Buffer.from(file).indexOf(words, 0, 'latin1'), -1, `${words} is still in the file`);
}
