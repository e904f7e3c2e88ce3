import { confidentialityProfile, type ProfileAttribute } from './confidentiality-profile.ts';
import type { DataSet, DicomElement } from './data-set.ts';
import { asciiBytes, dummyValue } from './dummy-values.ts';
import type { ReplacedUids } from './replaced-uids.ts';
import { tagName } from './tags.ts';
import type { WrittenElement } from './write-data-set.ts';

/** Collects while data sets are walked. */
export interface ReportInProgress {
  readonly removed: Set<string>;
  readonly emptied: Set<string>;
  readonly replaced: Set<string>;
  unknownRemoved: number;
}

const wordBits = 16;
/** Curves and overlays: groups 5000 to 50FE and 6000 to 60FE, even ones. */
const repeatingGroups: readonly { readonly firstGroup: number; readonly name: string }[] = [
  { firstGroup: 0x5000, name: 'Curve Data' },
  { firstGroup: 0x6000, name: 'Overlay Data' },
];
const repeatingGroupMask = 0xff00;
const firstDataGroup = 0x0008;
const delimiterGroup = 0xfffe;

/**
 * The Basic Application Level Confidentiality Profile (PS3.15 §E.2) on one data set, nested ones included. Where the
 * table offers several actions, the one is taken that leaves every IOD valid: empty for `X/Z` and `Z/D` (types 2 and 3),
 * a dummy for `X/D` and `X/Z/D` (type 1). References to other pictures (`X/Z/U*`) and whole overlays are removed.
 *
 * @param hasUnstatedVrs true where elements are written implicitly; else one without a VR is malformed and removed
 */
export function deidentifyDataSet(
  dataSet: DataSet,
  hasUnstatedVrs: boolean,
  uids: ReplacedUids,
  report: ReportInProgress,
): readonly WrittenElement[] {
  return Array.from(dataSet.elements()).flatMap((element) => {
    const { tag } = element;
    const group = tag >>> wordBits;
    const isGroupLength = (tag & (2 ** wordBits - 1)) === 0;
    if (isGroupLength) return [];
    const repeating = repeatingGroups.find(({ firstGroup }) => (group & repeatingGroupMask) === firstGroup);
    const isPrivate = group % 2 === 1;
    // Commands, meta information and directories (groups 0000 to 0006) and delimiters have no place in a picture's data.
    const isForeign = group < firstDataGroup || group === delimiterGroup;
    if (isPrivate || isForeign || element.unreadable === true || (element.vr === '' && !hasUnstatedVrs)) {
      report.unknownRemoved += 1;
      return [];
    }
    if (repeating !== undefined) {
      report.removed.add(repeating.name);
      return [];
    }
    const attribute = confidentialityProfile.get(tag);
    return attribute === undefined
      ? keep(dataSet, element, hasUnstatedVrs, uids, report)
      : protect(dataSet, element, attribute, uids, report);
  });
}

/** What the profile does not name stays; what lies in it is looked at. */
function keep(
  dataSet: DataSet,
  element: DicomElement,
  hasUnstatedVrs: boolean,
  uids: ReplacedUids,
  report: ReportInProgress,
): readonly WrittenElement[] {
  const { tag, vr, items } = element;
  if (items === undefined) return [{ tag, vr, content: { kind: 'value', bytes: valueOf(dataSet, element) } }];
  const isSequence = vr === 'SQ' || vr === 'UN' || vr === '';
  if (!isSequence) {
    // Bytes of undefined length that are no pixel data: nobody knows what is in them.
    report.unknownRemoved += 1;
    return [];
  }
  const isImplicit = hasUnstatedVrs || vr === 'UN';
  const kept = items.map((item) => deidentifyDataSet(item, isImplicit, uids, report));
  return [{ tag, vr, content: { kind: 'items', items: kept } }];
}

function protect(
  dataSet: DataSet,
  element: DicomElement,
  { name, action, vr: dummyVr }: ProfileAttribute,
  uids: ReplacedUids,
  report: ReportInProgress,
): readonly WrittenElement[] {
  const { tag, vr, length } = element;
  const written = (bytes: Uint8Array): readonly WrittenElement[] => [{ tag, vr, content: { kind: 'value', bytes } }];
  // Empty already: nothing to tell.
  if (length === 0) return action === 'X' ? [] : written(new Uint8Array());
  switch (action) {
    case 'X':
    case 'X/Z/U*':
      report.removed.add(name);
      return [];
    case 'Z':
    case 'X/Z':
    case 'Z/D':
      report.emptied.add(name);
      return written(new Uint8Array());
    case 'U':
      report.replaced.add(name);
      return written(asciiBytes(uids.replaceAll(valueOf(dataSet, element))));
    case 'D':
    case 'X/D':
    case 'X/Z/D':
      if (dummyVr === undefined) throw new RangeError(`${tagName(tag)} has no dummy value`);
      report.replaced.add(name);
      return written(dummyVr === 'UI' ? asciiBytes(uids.replaceAll(valueOf(dataSet, element))) : dummyValue(dummyVr));
  }
}

function valueOf({ bytes }: DataSet, { offset, length }: DicomElement): Uint8Array {
  return bytes.subarray(offset, offset + length);
}
