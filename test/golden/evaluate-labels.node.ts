/** Tables of labels as sites and NIH write them, and what is refused in them. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseLabels, parseNihBoxes } from '../../tools/evaluate/labels/parse-labels.ts';
import { parseAge } from '../../tools/evaluate/labels/labelled-image.ts';
import { readLabels } from '../../tools/evaluate/labels/read-labels.ts';

const nihHeader =
  'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],';

describe('a table of labels', () => {
  it('is read with all its columns, in any order and with any line breaks', () => {
    const text =
      '\uFEFFpatient,file,findings,age,sex,view,source,inputKind,boxes,fold,kind,source_width,source_height\r\n' +
      'p1,a.png,Effusion|Mass,57,F,PA,ward,digital,"[[""Mass"", 1, 2, 3.5, 4]]",2,frontal,1024,1000\r\n' +
      'p1,b.png,No Finding,,,,,,,,,,\r\n' +
      'p2,"c, old.png",,200,M,AP,ward,film,[],0,lateral,,\r\n';
    const { images, findings, isNih } = parseLabels(text, 'labels.csv');
    assert.equal(isNih, false);
    assert.deepEqual(findings, ['Effusion', 'Mass']);
    assert.deepEqual(images[0], {
      file: 'a.png',
      patient: 'p1',
      findings: new Set(['Effusion', 'Mass']),
      kind: 'frontal',
      fold: '2',
      age: 57,
      groups: { sex: 'F', view: 'PA', source: 'ward', inputKind: 'digital' },
      boxes: [{ finding: 'Mass', x: 1, y: 2, width: 3.5, height: 4, of: { width: 1024, height: 1000 } }],
    });
    assert.deepEqual(images[1], { file: 'b.png', patient: 'p1', findings: new Set(), groups: {}, boxes: [] });
    assert.equal(images[2]?.findings, undefined, 'an empty cell is no statement');
    assert.equal(images[2]?.age, undefined, 'nobody is 200');
    assert.equal(images[2]?.file, 'c, old.png');
  });

  it('is NIH’s own one by its header, with its boxes from the other table', () => {
    const { images, findings, isNih } = parseLabels(
      `${nihHeader}\n00000001_000.png,Cardiomegaly|Emphysema,0,1,058Y,M,PA,2682,2749,0.143,0.143,\n00000002_000.png,No Finding,0,2,80,F,AP,2,2,1,1,\n`,
      'Data_Entry_2017.csv',
    );
    assert.equal(isNih, true);
    assert.deepEqual(findings, ['Emphysema', 'Cardiomegaly']);
    assert.deepEqual(images[0], {
      file: '00000001_000.png',
      patient: '1',
      findings: new Set(['Cardiomegaly', 'Emphysema']),
      age: 58,
      groups: { sex: 'M', view: 'PA' },
      boxes: [],
    });
    const boxes = parseNihBoxes(
      'Image Index,Finding Label,Bbox [x,y,w,h],,,\na.png,Infiltrate,225.08,547.01,86.7,79.1,,,\n',
      'BBox_List_2017.csv',
    );
    assert.deepEqual(boxes.get('a.png'), [
      { finding: 'Infiltration', x: 225.08, y: 547.01, width: 86.7, height: 79.1, of: { width: 1024, height: 1024 } },
    ]);
  });

  it('knows photographs with their corners, and drawn lungs', () => {
    const { images } = parseLabels(
      'file,inputKind,corners,mask,heart\n' +
        'a.jpg,film,"[[1, 2], [9, 2], [9.5, 8], [1, 8]]",,\n' +
        'b.png,,,masks/b.png,1\n' +
        'c.png,monitor,,masks/c.png,0\n',
      'labels.csv',
    );
    assert.deepEqual(images[0]?.corners, [
      { x: 1, y: 2 },
      { x: 9, y: 2 },
      { x: 9.5, y: 8 },
      { x: 1, y: 8 },
    ]);
    assert.deepEqual(
      images.map(({ mask }) => mask),
      [undefined, { file: 'masks/b.png', hasHeart: true }, { file: 'masks/c.png', hasHeart: false }],
    );
    assert.equal(images[2]?.corners, undefined, 'the app finds them');
  });

  it('refuses what would be measured wrongly, with the line', () => {
    const refused = (text: string, reason: RegExp): void => {
      assert.throws(() => parseLabels(text, 'labels.csv'), reason);
    };
    refused('file,patient,findings\na.png,1,Efusion\n', /line 2: "Efusion" is no finding/);
    refused('file,patient,findings\na.png,1,No Finding|Mass\n', /says that there is none, and which/);
    refused('file,findings\na.png,Mass\n', /no column "patient"/);
    refused('name,patient\na.png,1\n', /no column "file"/);
    refused('file;patient;findings\na.png;1;Mass\n', /semicolons/);
    refused('file,patient,findings\n"a.png,1,Mass\n', /line 2: the quotes do not match/);
    refused('file,patient,findings,boxes\na.png,1,Mass,"[[1,2]]"\n', /a box is/);
    refused('file,patient,findings,boxes\na.png,1,Mass,left lung\n', /boxes are/);
    refused('file,corners\na.png,"[[1,2],[1,9],[9,9],[9,2]]"\n', /line 2: corners are/);
    refused('file,corners\na.png,"[[1,2],[9,2],[9,9]]"\n', /corners are/);
    refused('file,patient,findings,inputKind\na.png,1,Mass,phone\n', /inputKind is one of digital, film, monitor/);
    refused('', /is empty/);
  });

  it('takes ages with and without NIH’s unit', () => {
    assert.deepEqual(['058Y', '58', '0', '414', 'old', ''].map(parseAge), [58, 58, 0, undefined, undefined, undefined]);
  });
});

describe('a folder', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-labels-'));
    for (const path of ['site/images', 'nih/images_001/images', 'kinds/hand', 'kinds/chest']) {
      await mkdir(join(folder, path), { recursive: true });
    }
    await writeFile(join(folder, 'site/images/a.png'), '');
    await writeFile(
      join(folder, 'site/labels.csv'),
      'file,patient,findings\nimages/a.png,1,Mass\nsite/images/a.png,2,No Finding\ngone.png,3,Mass\n',
    );
    await writeFile(join(folder, 'nih/images_001/images/x.png'), '');
    await writeFile(join(folder, 'nih/Data_Entry_2017.csv'), `${nihHeader}\nx.png,Mass,0,1,58,M,PA,2,2,1,1,\n`);
    await writeFile(
      join(folder, 'nih/BBox_List_2017.csv'),
      'Image Index,Finding Label,Bbox [x,y,w,h],,,\nx.png,Mass,1,2,3,4,,,\n',
    );
    await writeFile(join(folder, 'kinds/hand/1.png'), '');
    await writeFile(join(folder, 'kinds/chest/2.png'), '');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds pictures beside their table and above it, and counts those that are not there', async () => {
    const { images, missing } = await readLabels(join(folder, 'site'));
    assert.deepEqual(
      images.map(({ path }) => path),
      [join(folder, 'site/images/a.png'), join(folder, 'site/images/a.png')],
    );
    assert.equal(missing, 1);
  });

  it('finds masks as it finds pictures, and says which is missing', async () => {
    const table = join(folder, 'masks.csv');
    await writeFile(table, 'file,mask,heart\nsite/images/a.png,nih/images_001/images/x.png,1\n');
    const { images } = await readLabels(join(folder, 'site'), table);
    assert.deepEqual(images[0]?.mask, { path: join(folder, 'nih/images_001/images/x.png'), hasHeart: true });
    await writeFile(table, 'file,mask\nsite/images/a.png,gone.png\n');
    await assert.rejects(readLabels(join(folder, 'site'), table), /the mask gone.png is not there/);
  });

  it('finds NIH’s files in their archives’ folders, with their boxes', async () => {
    const { images } = await readLabels(join(folder, 'nih'));
    assert.equal(images[0]?.path, join(folder, 'nih/images_001/images/x.png'));
    assert.equal(images[0].boxes[0]?.finding, 'Mass');
  });

  it('without a table has kinds by sub-folder, and no labels', async () => {
    const { images, findings } = await readLabels(join(folder, 'kinds'));
    assert.deepEqual(
      images.map(({ file, kind, findings: labels }) => [file, kind, labels]),
      [
        [join('chest', '2.png'), 'chest', undefined],
        [join('hand', '1.png'), 'hand', undefined],
      ],
    );
    assert.deepEqual(findings, []);
  });

  it('says so where nothing is there', async () => {
    await writeFile(join(folder, 'other.csv'), 'file,patient,findings\nnowhere.png,1,Mass\n');
    await assert.rejects(readLabels(folder, join(folder, 'other.csv')), /None of the 1 pictures/);
    await assert.rejects(readLabels(join(folder, 'gone')), /is no folder/);
    await assert.rejects(readLabels(folder, join(folder, 'gone.csv')), /cannot be read/);
  });
});
