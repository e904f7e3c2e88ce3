/**
 * The attributes of the Basic Application Level Confidentiality Profile: DICOM PS3.15 2024b, Table E.1-1, column
 * "Basic Prof.", all 617 single tags. The three repeating groups of the table (50xx and 60xx) and the private
 * attributes are in deidentify-data-set.ts.
 */

import type { DummyVr } from './dummy-values.ts';
import { removedAttributes } from './removed-attributes.ts';

/** What the table says is to be done; `/` separates what conformance to an IOD may need in place of the first. */
export type ProfileAction = 'X' | 'Z' | 'U' | 'D' | 'X/Z' | 'X/D' | 'Z/D' | 'X/Z/D' | 'X/Z/U*';

export interface ProfileAttribute {
  readonly tag: number;
  /** As in PS3.6. */
  readonly name: string;
  readonly action: ProfileAction;
  /** Present where the action may be D: implicit files do not state it. */
  readonly vr?: DummyVr;
}

interface Section {
  readonly action: ProfileAction;
  readonly vr?: DummyVr;
  /** `gggg,eeee Name`, separated by semicolons. */
  readonly attributes: string;
}

const sections: readonly Section[] = [
  { action: 'X', attributes: removedAttributes },
  {
    action: 'Z',
    attributes: `
0008,0020 Study Date; 0008,0030 Study Time; 0008,0050 Accession Number; 0008,0090 Referring Physician's Name;
0008,009c Consulting Physician's Name; 0010,0010 Patient's Name; 0010,0030 Patient's Birth Date;
0010,0040 Patient's Sex; 0012,0021 Clinical Trial Protocol Name; 0012,0030 Clinical Trial Site ID;
0012,0031 Clinical Trial Site Name; 0012,0050 Clinical Trial Time Point ID;
0012,0060 Clinical Trial Coordinating Center Name; 0018,1203 Calibration DateTime; 0020,0010 Study ID;
0040,0513 Issuer of the Container Identifier Sequence; 0040,0562 Issuer of the Specimen Identifier Sequence;
0040,0610 Specimen Preparation Sequence; 0040,2016 Placer Order Number / Imaging Service Request;
0040,2017 Filler Order Number / Imaging Service Request; 0040,a082 Participation DateTime;
0040,a088 Verifying Observer Identification Code Sequence; 0400,0564 Source of Previous Values;
3006,0008 Structure Set Date; 3006,0009 Structure Set Time; 3006,0026 ROI Name; 3006,00a6 ROI Interpreter;
300a,0611 RT Accessory Holder Slot ID; 300a,0615 RT Accessory Device Slot ID;
300a,067d Radiation Generation Mode Description; 300e,0004 Review Date; 300e,0005 Review Time;
3010,000f Conceptual Volume Combination Description; 3010,0017 Conceptual Volume Description;
3010,001b Device Alternate Identifier; 3010,0043 Manufacturer's Device Identifier;
3010,005a RT Physician Intent Narrative; 3010,005c Reason for Superseding; 3010,007a Treatment Technique Notes;
3010,007b Prescription Notes; 3010,007f Fractionation Notes; 3010,0081 Prescription Notes Sequence`,
  },
  {
    action: 'U',
    attributes: `
0000,1001 Requested SOP Instance UID; 0002,0003 Media Storage SOP Instance UID;
0004,1511 Referenced SOP Instance UID in File; 0008,0014 Instance Creator UID; 0008,0017 Acquisition UID;
0008,0018 SOP Instance UID; 0008,0019 Pyramid UID; 0008,0058 Failed SOP Instance UID List;
0008,1155 Referenced SOP Instance UID; 0008,1195 Transaction UID; 0008,3010 Irradiation Event UID;
0018,1002 Device UID; 0018,100b Manufacturer's Device Class UID; 0018,2042 Target UID; 0020,000d Study Instance UID;
0020,000e Series Instance UID; 0020,0052 Frame of Reference UID; 0020,0200 Synchronization Frame of Reference UID;
0020,9161 Concatenation UID; 0020,9164 Dimension Organization UID; 0028,1199 Palette Color Lookup Table UID;
0028,1214 Large Palette Color Lookup Table UID; 003a,0310 Multiplex Group UID; 0040,0554 Specimen UID;
0040,4023 Referenced General Purpose Scheduled Procedure Step Transaction UID; 0040,a124 UID;
0040,a171 Observation UID; 0040,a172 Referenced Observation UID (Trial); 0040,a402 Observation Subject UID (Trial);
0040,db0c Template Extension Organization UID; 0040,db0d Template Extension Creator UID; 0062,0021 Tracking UID;
0064,0003 Source Frame of Reference UID; 0070,031a Fiducial UID; 0070,1101 Presentation Display Collection UID;
0070,1102 Presentation Sequence Collection UID; 0088,0140 Storage Media File-set UID; 0400,0100 Digital Signature UID;
3006,0024 Referenced Frame of Reference UID; 3006,00c2 Related Frame of Reference UID; 300a,0013 Dose Reference UID;
300a,0083 Referenced Dose Reference UID; 300a,0609 Treatment Position Group UID; 300a,0650 Patient Setup UID;
300a,0700 Treatment Session UID; 300a,0785 Referenced Treatment Position Group UID; 3010,0006 Conceptual Volume UID;
3010,000b Referenced Conceptual Volume UID; 3010,0013 Constituent Conceptual Volume UID;
3010,0015 Source Conceptual Volume UID; 3010,0031 Referenced Fiducials UID; 3010,003b RT Treatment Phase UID;
3010,006e Dosimetric Objective UID; 3010,006f Referenced Dosimetric Objective UID`,
  },
  {
    action: 'D',
    vr: 'AE',
    attributes: `
0072,005e Selector AE Value; 2100,0140 Destination AE`,
  },
  {
    action: 'D',
    vr: 'AS',
    attributes: `
0072,005f Selector AS Value`,
  },
  {
    action: 'D',
    vr: 'CS',
    attributes: `
0400,0565 Reason for the Attribute Modification`,
  },
  {
    action: 'D',
    vr: 'DA',
    attributes: `
0040,a121 Date; 0072,0061 Selector DA Value; 3008,0024 Treatment Control Point Date; 3008,0162 Safe Position Exit Date;
3008,0166 Safe Position Return Date; 300a,022c Source Strength Reference Date`,
  },
  {
    action: 'D',
    vr: 'DT',
    attributes: `
0008,0106 Context Group Version; 0008,0107 Context Group Local Version; 0018,9074 Frame Acquisition DateTime;
0018,9151 Frame Reference DateTime; 0018,9369 Source Start DateTime; 0018,936a Source End DateTime;
0018,9623 Functional Sync Pulse; 0018,9701 Decay Correction DateTime; 0018,9804 Exclusion Start DateTime;
003a,0314 Impedance Measurement DateTime; 0040,a030 Verification DateTime; 0040,a120 DateTime;
0040,a13a Referenced DateTime; 0044,0104 Assertion DateTime; 0068,6226 Effective DateTime;
0068,6270 Information Issue DateTime; 0072,000a Hanging Protocol Creation DateTime; 0072,0063 Selector DT Value;
0400,0105 Digital Signature DateTime; 0400,0562 Attribute Modification DateTime;
300a,0736 Treatment Tolerance Violation DateTime; 300a,073a Recorded RT Control Point DateTime;
300a,0741 Interlock DateTime; 300a,0760 Override DateTime; 300c,0127 Beam Hold Transition DateTime`,
  },
  {
    action: 'D',
    vr: 'LO',
    attributes: `
0012,0010 Clinical Trial Sponsor Name; 0012,0020 Clinical Trial Protocol ID; 0012,0040 Clinical Trial Subject ID;
0012,0042 Clinical Trial Subject Reading ID; 0012,0081 Clinical Trial Protocol Ethics Committee Name;
0018,11bb Acquisition Field Of View Label; 0040,0512 Container Identifier; 0040,0551 Specimen Identifier;
0040,a027 Verifying Organization; 006a,0005 Annotation Group Label; 0072,0066 Selector LO Value;
0400,0563 Modifying System; 300a,0608 Treatment Position Group Label; 300a,0619 Radiation Dose Identification Label;
300a,0623 Radiation Dose In-Vivo Measurement Label; 300a,062a RT Tolerance Set Label; 3010,002d Device Label;
3010,0034 User Content Long Label; 3010,0038 Entity Long Label; 3010,0054 RT Prescription Label`,
  },
  {
    action: 'D',
    vr: 'LT',
    attributes: `
0072,0068 Selector LT Value`,
  },
  {
    action: 'D',
    vr: 'OB',
    attributes: `
0034,0002 Flow Identifier; 0034,0005 Source Identifier; 0034,0007 Frame Origin Timestamp;
0042,0011 Encapsulated Document; 0072,0065 Selector OB Value; 0400,0115 Certificate of Signer`,
  },
  {
    action: 'D',
    vr: 'PN',
    attributes: `
0040,a075 Verifying Observer Name; 0040,a123 Person Name; 0072,006a Selector PN Value`,
  },
  {
    action: 'D',
    vr: 'SH',
    attributes: `
0072,006c Selector SH Value; 3006,0002 Structure Set Label; 300a,0002 RT Plan Label;
300a,067c Radiation Generation Mode Label; 3010,0033 User Content Label; 3010,0035 Entity Label`,
  },
  {
    action: 'D',
    vr: 'SQ',
    attributes: `
0034,0001 Flow Identifier Sequence; 0040,1101 Person Identification Code Sequence;
0040,a073 Verifying Observer Sequence; 0040,a730 Content Sequence; 0070,0001 Graphic Annotation Sequence`,
  },
  {
    action: 'D',
    vr: 'ST',
    attributes: `
0072,006e Selector ST Value; 300a,0734 Treatment Tolerance Violation Description; 300a,0742 Interlock Description;
300a,0783 Interlock Origin Description`,
  },
  {
    action: 'D',
    vr: 'TM',
    attributes: `
0040,a122 Time; 0072,006b Selector TM Value; 3008,0025 Treatment Control Point Time; 3008,0164 Safe Position Exit Time;
3008,0168 Safe Position Return Time; 300a,022e Source Strength Reference Time`,
  },
  {
    action: 'D',
    vr: 'UC',
    attributes: `
0018,9367 X-Ray Source ID; 0018,9371 X-Ray Detector ID`,
  },
  {
    action: 'D',
    vr: 'UI',
    attributes: `
006a,0003 Annotation Group UID`,
  },
  {
    action: 'D',
    vr: 'UN',
    attributes: `
0072,006d Selector UN Value`,
  },
  {
    action: 'D',
    vr: 'UR',
    attributes: `
0072,0071 Selector UR Value`,
  },
  {
    action: 'D',
    vr: 'UT',
    attributes: `
0072,0070 Selector UT Value`,
  },
  {
    action: 'X/Z',
    attributes: `
0008,0022 Acquisition Date; 0008,0032 Acquisition Time; 0008,1110 Referenced Study Sequence;
0010,2203 Patient's Sex Neutered; 0032,1060 Requested Procedure Description; 0040,0555 Acquisition Context Sequence;
2200,0002 Label Text; 2200,0005 Barcode Value; 3008,0105 Source Serial Number; 300a,00b2 Treatment Machine Name;
300e,0008 Reviewer Name`,
  },
  {
    action: 'X/D',
    vr: 'DA',
    attributes: `
0008,0012 Instance Creation Date; 0008,0021 Series Date; 0018,700c Date of Last Detector Calibration;
3008,0054 First Treatment Date; 3008,0056 Most Recent Treatment Date; 3008,0250 Treatment Date; 300a,0006 RT Plan Date;
3010,004c Intended Phase Start Date; 3010,004d Intended Phase End Date`,
  },
  {
    action: 'X/D',
    vr: 'DT',
    attributes: `
0018,9516 Start Acquisition DateTime; 0018,9517 End Acquisition DateTime; 0040,a032 Observation DateTime`,
  },
  {
    action: 'X/D',
    vr: 'LO',
    attributes: `
0018,1030 Protocol Name; 0018,1400 Acquisition Device Processing Description; 3010,0056 RT Treatment Approach Label;
3010,0077 Treatment Site`,
  },
  {
    action: 'X/D',
    vr: 'SH',
    attributes: `
0018,700a Detector ID`,
  },
  {
    action: 'X/D',
    vr: 'SQ',
    attributes: `
0008,1072 Operator Identification Sequence`,
  },
  {
    action: 'X/D',
    vr: 'TM',
    attributes: `
0008,0031 Series Time; 0018,700e Time of Last Detector Calibration; 3008,0251 Treatment Time; 300a,0007 RT Plan Time`,
  },
  {
    action: 'Z/D',
    vr: 'DA',
    attributes: `
0008,0023 Content Date`,
  },
  {
    action: 'Z/D',
    vr: 'DT',
    attributes: `
0018,9919 Instruction Performed DateTime`,
  },
  {
    action: 'Z/D',
    vr: 'LO',
    attributes: `
0010,0020 Patient ID; 0018,0010 Contrast/Bolus Agent`,
  },
  {
    action: 'Z/D',
    vr: 'PN',
    attributes: `
0070,0084 Content Creator's Name`,
  },
  {
    action: 'Z/D',
    vr: 'TM',
    attributes: `
0008,0033 Content Time`,
  },
  {
    action: 'X/Z/D',
    vr: 'DT',
    attributes: `
0008,002a Acquisition DateTime`,
  },
  {
    action: 'X/Z/D',
    vr: 'LO',
    attributes: `
0008,0080 Institution Name; 0018,1000 Device Serial Number`,
  },
  {
    action: 'X/Z/D',
    vr: 'PN',
    attributes: `
0008,1070 Operators' Name`,
  },
  {
    action: 'X/Z/D',
    vr: 'SH',
    attributes: `
0008,1010 Station Name`,
  },
  {
    action: 'X/Z/D',
    vr: 'SQ',
    attributes: `
0008,0082 Institution Code Sequence; 0008,1111 Referenced Performed Procedure Step Sequence`,
  },
  {
    action: 'X/Z/D',
    vr: 'TM',
    attributes: `
0008,0013 Instance Creation Time`,
  },
  {
    action: 'X/Z/U*',
    attributes: `
0008,1140 Referenced Image Sequence; 0008,2112 Source Image Sequence`,
  },
];

const hexadecimal = 16;

/** The table by tag. */
export const confidentialityProfile: ReadonlyMap<number, ProfileAttribute> = new Map(
  sections.flatMap(({ action, vr, attributes }) =>
    attributes.split(';').map((line): [number, ProfileAttribute] => {
      const [group, element, name] = /^\s*(\w{4}),(\w{4}) (.+)$/.exec(line)!.slice(1) as [string, string, string];
      const tag = Number.parseInt(group + element, hexadecimal);
      return [tag, { tag, name, action, ...(vr === undefined ? {} : { vr }) }];
    }),
  ),
);
