import { asciiBytes } from './dummy-values.ts';
import { byteLength, joinBytes } from './join-bytes.ts';
import { tags } from './tags.ts';
import { explicitLittleEndian, type TransferSyntax } from './transfer-syntaxes.ts';
import { writeDataSet, type WrittenElement } from './write-data-set.ts';

const preambleBytes = 128;
const prefix = 'DICM';
/** This writer's name (PS3.7 §D.3.3.2): made of a UUID once. */
const implementationClassUid = '2.25.58822575064639893303607433056068857645';
const implementationVersionName = 'CHESTER';

/**
 * A file of the DICOM format (PS3.10 §7): 128 zeros, prefix, meta header, data set. Of the meta header only what is
 * required: titles of applications and private information of the file's earlier life do not go on.
 *
 * @param elements of one data set, SOP class and instance UID among them
 * @param syntax not deflated
 */
export function writeDicomFile(elements: readonly WrittenElement[], syntax: TransferSyntax): Uint8Array<ArrayBuffer> {
  const valueOf = (tag: number): Uint8Array => {
    const content = elements.find((element) => element.tag === tag)?.content;
    return content?.kind === 'value' ? content.bytes : new Uint8Array();
  };
  const meta = writeDataSet(
    [
      value(tags.fileMetaVersion, 'OB', Uint8Array.of(0, 1)),
      value(tags.mediaStorageSopClassUid, 'UI', valueOf(tags.sopClassUid)),
      value(tags.mediaStorageSopInstanceUid, 'UI', valueOf(tags.sopInstanceUid)),
      value(tags.transferSyntaxUid, 'UI', asciiBytes(syntax.uid)),
      value(tags.implementationClassUid, 'UI', asciiBytes(implementationClassUid)),
      value(tags.implementationVersionName, 'SH', asciiBytes(implementationVersionName)),
    ],
    explicitLittleEndian,
  );
  const groupLength = new DataView(new ArrayBuffer(Uint32Array.BYTES_PER_ELEMENT));
  groupLength.setUint32(0, byteLength(meta), true);
  const parts = [
    new Uint8Array(preambleBytes),
    asciiBytes(prefix),
    ...writeDataSet([value(tags.fileMetaGroupLength, 'UL', new Uint8Array(groupLength.buffer))], explicitLittleEndian),
    ...meta,
    ...writeDataSet(elements, syntax),
  ];
  return joinBytes(parts);
}

function value(tag: number, vr: string, bytes: Uint8Array): WrittenElement {
  return { tag, vr, content: { kind: 'value', bytes } };
}
