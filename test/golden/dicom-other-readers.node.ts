/**
 * De-identified copies in readers that others wrote, where they are installed: DCMTK (`dcmdump`, `dcmconv`) and pydicom
 * (Debian's `dcmtk` and `python3-pydicom`; docs/dicom-conformance.md).
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deidentifyDicom } from '../../src/imaging/dicom/deidentify-dicom.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { readStoredFigures } from '../../src/imaging/dicom/stored-figures.ts';
import { tags } from '../../src/imaging/dicom/tags.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { compressedFiles } from '../fixtures/dicom/pictures.ts';
import { identifyingElements, secret } from '../fixtures/identified.ts';
import { makeDicom, syntaxes, testValues } from '../fixtures/make-dicom.ts';

const { compileDicomCodec: compile } = createNodeCodecs();
const [width, height, bits] = [24, 18, 12];
const box = { x: 0, y: 0, width: 0.25, height: 0.5 };

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const hasDcmtk = works('dcmdump', '--version') && works('dcmconv', '--version');
/** Debian's own first: another Python may come earlier in the path. */
const python = ['/usr/bin/python3', 'python3'].find((command) => works(command, '-c', 'import pydicom'));

/** Prints what is left of names, the method's codes, and the sum of the first frame's bytes. */
const pydicomScript = `
import sys, json, pydicom, hashlib
for path in sys.argv[1:]:
    ds = pydicom.dcmread(path)
    words = []
    ds.walk(lambda _, element: words.append(str(element.value)) if element.VR != 'SQ' else None)
    print(json.dumps({
        'secret': any('${secret}' in word for word in words),
        'name': str(ds.get('PatientName', '')), 'removed': ds.PatientIdentityRemoved,
        'codes': [item.CodeValue for item in ds.DeidentificationMethodCodeSequence],
        'rows': ds.Rows, 'preamble': ds.preamble == bytes(128), 'private': any(e.tag.is_private for e in ds.iterall()),
        'pixels': hashlib.sha256(ds.PixelData).hexdigest(), 'syntax': str(ds.file_meta.TransferSyntaxUID),
    }))
`;

let folder = '';
const paths: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chester-copies-'));
  const values = testValues(width, height, 1, bits, false);
  const natives = Object.entries(syntaxes)
    .filter(([name]) => name !== 'rle')
    .map(([name, syntax]) => {
      const spec = {
        width,
        height,
        bitsAllocated: 16,
        bitsStored: bits,
        values,
        elements: identifyingElements,
        syntax,
      };
      return [name, makeDicom(spec)] as const;
    });
  const compressed = await Promise.all(
    compressedFiles.map(async ({ name }) => {
      const bytes = await readFile(new URL(`../fixtures/dicom/${name}.dcm`, import.meta.url));
      return [name, Uint8Array.from(bytes)] as const;
    }),
  );
  for (const [name, original] of [...natives, ...compressed]) {
    for (const [suffix, boxes] of [['', []] as const, ['-boxes', [box]] as const]) {
      const { bytes } = await deidentifyDicom(original, boxes, compile);
      const path = join(folder, `${name}${suffix}.dcm`);
      await writeFile(path, bytes);
      paths.push(path);
    }
  }
});
after(() => rm(folder, { recursive: true, force: true }));

test('DCMTK reads every copy without a complaint and finds nobody', { skip: !hasDcmtk }, () => {
  const { status, stdout, stderr } = spawnSync('dcmdump', ['+L', ...paths], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.ok(!stdout.includes(secret));
  assert.equal([...stdout.matchAll(/\(0012,0062\) CS \[YES\]/g)].length, paths.length);
});

test('DCMTK gives the same pixels as we do', { skip: !hasDcmtk }, async () => {
  for (const path of paths.filter((name) => /(implicit|explicit|bigEndian|deflated)(-boxes)?\.dcm$/.test(name))) {
    const converted = `${path}.converted`;
    assert.equal(spawnSync('dcmconv', ['+te', path, converted]).status, 0, path);
    const [ours, theirs] = await Promise.all(
      [path, converted].map(async (name) => readStoredFigures(Uint8Array.from(await readFile(name)), compile)),
    );
    assert.deepEqual(ours, theirs, path);
  }
});

test('pydicom reads every copy, finds nobody and the same pixels', { skip: python === undefined }, async () => {
  const { stdout, stderr } = spawnSync(python!, ['-c', pydicomScript, ...paths], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, paths.length, stderr);
  for (const [index, path] of paths.entries()) {
    const found = JSON.parse(lines[index]!) as Readonly<Record<string, unknown>>;
    const hasBoxes = path.endsWith('-boxes.dcm');
    assert.equal(found['secret'], false, path);
    assert.equal(found['name'], '', path);
    assert.equal(found['removed'], 'YES', path);
    assert.equal(found['private'], false, path);
    assert.equal(found['preamble'], true, path);
    assert.deepEqual(found['codes'], hasBoxes ? ['113100', '113101'] : ['113100'], path);
    const file = parseDicom(Uint8Array.from(await readFile(path)));
    assert.equal(found['syntax'], file.transferSyntax.uid, path);
    assert.equal(found['rows'], file.dataSet.number(tags.rows), path);
    if (file.transferSyntax.codec !== 'native') continue;
    const pixels = Uint8Array.from(file.dataSet.value(tags.pixelData)!);
    assert.equal(found['pixels'], await sha256Hex(pixels), path);
  }
});
