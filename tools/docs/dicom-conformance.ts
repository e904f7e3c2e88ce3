/** The text of docs/dicom-conformance.md, from the tables that the reader itself uses. */

import { confidentialityProfile, type ProfileAction } from '../../src/imaging/dicom/confidentiality-profile.ts';
import { allocations, photometrics, type Photometric } from '../../src/imaging/dicom/image-module.ts';
import { dicomPipelineVersion } from '../../src/imaging/dicom/grey-pipeline.ts';
import {
  refusedTransferSyntaxes,
  transferSyntaxes,
  type DicomCodec,
} from '../../src/imaging/dicom/transfer-syntaxes.ts';
import { voiFunctions } from '../../src/imaging/dicom/values-of-interest.ts';
import {
  maxDeclaredPixels,
  maxDicomElements,
  maxDicomNesting,
  maxFileBytes,
  maxInflatedBytes,
} from '../../src/shared/limits.ts';

const megabyte = 1e6;
const megapixel = 1e6;

const decoders: Readonly<Record<DicomCodec, string>> = {
  native: 'ours',
  rle: 'ours',
  jpeg: 'ours: 8 and 12 bits sequential, 2 to 16 bits lossless, every predictor',
  'jpeg-ls': 'CharLS (`@cornerstonejs/codec-charls`)',
  'jpeg-2000': 'OpenJPEG (`@cornerstonejs/codec-openjpeg`)',
  htj2k: 'OpenJPH (`@cornerstonejs/codec-openjph`)',
};

const meanings: Readonly<Record<Photometric, string>> = {
  MONOCHROME1: 'grey, inverted last',
  MONOCHROME2: 'grey',
  'PALETTE COLOR': 'looked up, then grey as any colour picture; segmented palettes are refused',
  RGB: 'grey as any colour picture',
  YBR_FULL: 'converted, then as RGB',
  YBR_FULL_422: 'chroma brought to full width, converted, then as RGB',
  YBR_ICT: 'JPEG 2000 and HTJ2K: the codec gives RGB',
  YBR_RCT: 'JPEG 2000 and HTJ2K: the codec gives RGB',
};

/** What each action of the profile's table becomes here. */
const actionMeanings: Readonly<Record<ProfileAction, string>> = {
  X: 'removed',
  Z: 'emptied',
  U: 'replaced by a new UID, the same one for the same old one within the copy; the standard’s own UIDs stay',
  D: 'replaced by a value that says nothing; sequences are emptied',
  'X/Z': 'emptied, which is valid for types 2 and 3',
  'X/D': 'replaced by a value that says nothing, which is valid for every type; sequences are emptied',
  'Z/D': 'emptied',
  'X/Z/D': 'replaced by a value that says nothing; sequences are emptied',
  'X/Z/U*': 'removed',
};

function privacy(): readonly string[] {
  const counts = new Map<ProfileAction, number>();
  for (const { action } of confidentialityProfile.values()) counts.set(action, (counts.get(action) ?? 0) + 1);
  const rows = [...counts].map(([action, count]) => `| ${action} | ${count} | ${actionMeanings[action]} |`);
  return [
    '## Whom a file is of',
    'Patient’s Name, Patient ID, Patient’s Birth Date, Study Date and Accession Number are read for one line beside the result and for nothing else: no network, log or storage sees them, and a saved result has them only when that is asked for. Character sets: ISO 8859-1 to -9 and -15, TIS 620, Shift_JIS, JIS X 0208 and 0212, KS X 1001, GB 2312, GBK, GB 18030, UTF-8, with code extensions (ISO 2022). Control and bidirectional characters are taken out; 256 characters are shown.',
    '## De-identified copies',
    `By the Basic Application Level Confidentiality Profile without options, DICOM PS3.15 2024b, Annex E and Table E.1-1 (${confidentialityProfile.size} attributes, in sequences too):`,
    ['| Action | Attributes | Becomes |', '| --- | --- | --- |', ...rows].join('\n'),
    [
      '- Private attributes, curves, whole overlays, group lengths, groups below 0008 and what cannot be read are removed. In implicit VR and in UN everything that begins like a sequence is entered.',
      '- Preamble of 128 zeros, a meta header of ours; Patient Identity Removed, De-identification Method with its code (113100), Longitudinal Temporal Information Modified (`REMOVED`).',
      '- Pixel data byte by byte as they are. Deflated files become Explicit VR Little Endian, all others keep their transfer syntax.',
      '- With black boxes every frame is decoded, blackened there (Pixel Padding Value, else the darkest value of the frame) and written uncompressed; then Burned In Annotation is `NO` and 113101 is added.',
      '- What is written in the picture is found only as far as lines of writing are; comments inside a compressed stream are not looked at. Attributes that the profile does not name are kept as they are. Nobody should hand on a copy without having looked at it.',
    ].join('\n'),
    'Checked with others’ readers: `node --import tsx --test test/golden/dicom-other-readers.node.ts` makes copies of every transfer syntax, with and without boxes, and reads them with DCMTK and pydicom where they are installed (`apt-get install dcmtk python3-pydicom`). By hand: `dcmdump copy.dcm`, `python3 -c "import pydicom; print(pydicom.dcmread(\'copy.dcm\'))"`.',
  ];
}

export function dicomConformance(written: string): string {
  const read = transferSyntaxes.map(
    ({ uid, name, codec, lossy }) =>
      `| \`${uid}\` | ${name} | ${lossy ? 'may lose' : 'lossless'} | ${decoders[codec]} |`,
  );
  const refused = Object.entries(refusedTransferSyntaxes).map(([uid, name]) => `| \`${uid}\` | ${name} |`);
  return [
    '# DICOM conformance',
    written,
    'What this version reads of DICOM (PS3.3, PS3.5, PS3.10), and what it refuses by name. **Not for medical use.** It neither sends nor stores DICOM.',
    '## Files',
    'With or without preamble and meta header. Where no transfer syntax is named, or implicit VR is named and explicit VR is found, it is taken from the first element, and the analysis says so (`transferSyntaxGuessed`). Elements after the pixel data are not read.',
    ...privacy(),
    '## Transfer syntaxes',
    ['| UID | Name | Pixels | Decoder |', '| --- | --- | --- | --- |', ...read].join('\n'),
    'Encapsulated pixels: basic and extended offset tables, one or several fragments a frame. A stream whose size differs from Rows and Columns is refused before it reaches a decoder.',
    'Refused by name (`dicom-unsupported`), as is any other:',
    ['| UID | Name |', '| --- | --- |', ...refused].join('\n'),
    '## Pixels',
    [
      `- Bits allocated ${allocations.join(', ')}; bits stored 1 to 32, any high bit, signed or not; planar configuration 0 and 1.`,
      '- Compressed streams have at most 16 bits a sample. Other JPEG processes (progressive, arithmetic, hierarchical, other precisions) are refused by name.',
      '- Float and double float pixel data are refused by name.',
      '- Of several frames the first is read; the screen shows any other, and “Analyse this picture” reads it. The analysis says which (`dicom.frame`).',
    ].join('\n'),
    [
      '| Photometric interpretation | Becomes |',
      '| --- | --- |',
      ...photometrics.map((name) => `| ${name} | ${meanings[name]} |`),
    ].join('\n'),
    `## From stored values to grey: version ${dicomPipelineVersion}`,
    [
      '1. Padding (Pixel Padding Value and Range Limit) becomes black and takes no part in step 3.',
      '2. Modality LUT Sequence, else Rescale Slope and Intercept.',
      `3. The first item of the VOI LUT Sequence, else the first window (${voiFunctions.join(', ')}), else a ramp from the 0.5th to the 99.5th percentile of what is no padding. Functional groups of the frame count as the data set itself.`,
      '4. MONOCHROME1 is inverted; “Analyse inverted” swaps this step, and the analysis says so (`inverted`).',
      '5. Pixels that are not square (Pixel Spacing, Imager Pixel Spacing, Pixel Aspect Ratio) are made so.',
    ].join('\n'),
    'Where the header offers several tables and windows the screen shows the picture in any of them. The networks see the first; only `--window` of the command line has them see another, and the analysis says which (`dicom.voi`).',
    '## What the header says about fitness',
    'Modality CR, DX, RG, DR pass; OT and SC warn; others refuse. Another body part refuses (an unknown word warns), a view from the side refuses, an age below 18 years warns, loss beyond 10 : 1, burned-in annotation and values for processing warn. Each can be overridden; that is recorded.',
    '## Limits',
    [
      `- file ≤ ${maxFileBytes / megabyte} MB; Rows × Columns × Number of Frames and Rows × Columns × Samples ≤ ${maxDeclaredPixels / megapixel} million`,
      `- sequences nested ≤ ${maxDicomNesting}; elements, items and fragments ≤ ${maxDicomElements}; inflated data ≤ ${maxInflatedBytes / megabyte} MB`,
      '- an element that reaches beyond the file, or beyond its sequence, ends the reading',
    ].join('\n'),
    '## Checked against',
    '`npm run -s read -- --stored-values --json FILE…` prints minimum, maximum, mean and SHA-256 of the first frame’s stored values (little-endian int32, row order, before rescale and window; chroma at full size, colours not converted), for comparison with any decoder. `test/golden/dicom-files.node.ts` does so for the files of the data folder and says in words where we answer otherwise than the reference, and why.',
  ].join('\n\n');
}
