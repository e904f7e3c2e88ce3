/** Which pictures of the data folder are taken for photographs of films before anybody says so. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { isFromCamera, isTinted } from '../../src/imaging/photo/seems-photograph.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';

const data = dataFolder();
const codecs = createNodeCodecs();

/** Names of the pictures that seem to be photographs, and how many there are of all. */
async function photographsIn(folder: string, every = 1): Promise<{ readonly seeming: string[]; readonly all: number }> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/u.test(name)).sort();
  const looked = names.filter((_, index) => index % every === 0);
  const seeming: string[] = [];
  for (const name of looked) {
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    if (isFromCamera(bytes) || isTinted((await decodePicture(bytes, codecs)).source)) seeming.push(name);
  }
  return { seeming, all: looked.length };
}

describe('what seems to be a photograph', { skip: data === undefined && 'the data folder is not there' }, () => {
  const folder = data ?? '';

  it('is every real photograph of a film', async () => {
    const { seeming, all } = await photographsIn(join(folder, 'film_photos'));
    assert.deepEqual([seeming.length, all], [40, 40]);
  });

  it('is no digital X-ray, and of teaching collections the four colour pictures of films', async () => {
    assert.deepEqual((await photographsIn(join(folder, 'nih/images'), 30)).seeming, []);
    const { seeming } = await photographsIn(join(folder, 'frontal_other/images'));
    assert.deepEqual(seeming, ['016.jpg', '074.jpg', '075.jpg', '076.jpg']);
  });
});
