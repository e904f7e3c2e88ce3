/** Lines of writing in pictures: found where they are, and not where there are none. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBurnedInText } from '../../src/imaging/burned-in-text.ts';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import type { GrayImage } from '../../src/shared/analysis.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { drawText } from '../support/draw-text.ts';

const codecs = createNodeCodecs();
const examples = fileURLToPath(new URL('../fixtures/examples/', import.meta.url));
const names = (await readdir(examples)).filter((name) => name.endsWith('.png')).sort();

async function open(path: string): Promise<GrayImage> {
  return decodePicture(Uint8Array.from(await readFile(path)), codecs);
}

test('synthetic X-rays have no writing', async () => {
  assert.ok(names.length >= 4);
  for (const name of names) assert.deepEqual(findBurnedInText(await open(join(examples, name))), [], name);
});

/** Where a name may stand, in shares of what is free at that side. */
const places: readonly (readonly [name: string, x: number, y: number])[] = [
  ['upper left', 0.02, 0.02],
  ['upper right', 0.98, 0.02],
  ['lower left', 0.02, 0.98],
  ['lower right', 0.98, 0.98],
];

for (const [place, x, y] of places) {
  test(`a name at the ${place} is found, and its box covers it`, async () => {
    for (const name of names) {
      for (const [dot, isWhite] of [[1, true] as const, [2, true] as const, [2, false] as const, [3, true] as const]) {
        const { width, height, data } = await open(join(examples, name));
        const text = 'DOE JANE 1961';
        const [textWidth, textHeight] = [(text.length * 6 - 1) * dot, 7 * dot];
        const [left, top] = [Math.round(x * (width - textWidth)), Math.round(y * (height - textHeight))];
        // White on black and black on white, as on most machines: otherwise it may be as bright as what is below.
        for (let row = Math.max(0, top - 6); row < Math.min(height, top + textHeight + 6); row += 1) {
          data.fill(isWhite ? 0.1 : 0.9, row * width + left, row * width + left + textWidth);
        }
        const drawn = drawText(data, width, text, { left, top, dot, grey: isWhite ? 1 : 0 });
        const found = findBurnedInText({ data, width, height });
        const covers = found.some(
          ({ box }) =>
            box.x * width <= drawn.left &&
            box.y * height <= drawn.top &&
            (box.x + box.width) * width >= drawn.right &&
            (box.y + box.height) * height >= drawn.bottom,
        );
        assert.ok(covers, `${name}, ${dot} pixels a dot, ${isWhite ? 'white' : 'black'}: ${JSON.stringify(found)}`);
      }
    }
  });
}

test('a side marker of one to three letters is no writing', async () => {
  for (const marker of ['R', 'L', 'RA', 'ROL']) {
    const { width, height, data } = await open(join(examples, names[0]!));
    drawText(data, width, marker, { left: Math.round(width * 0.05), top: Math.round(height * 0.05), dot: 3, grey: 1 });
    assert.deepEqual(findBurnedInText({ data, width, height }), [], marker);
  }
});

test('an empty picture, a tiny one and pure noise do not upset it', () => {
  assert.deepEqual(findBurnedInText({ data: new Float32Array(1), width: 1, height: 1 }), []);
  assert.deepEqual(findBurnedInText({ data: new Float32Array(3000).fill(0.5), width: 3000, height: 1 }), []);
  const side = 200;
  const noise = Float32Array.from({ length: side * side }, (_, index) => ((index * 7919) % 1009) / 1009);
  assert.ok(Array.isArray(findBurnedInText({ data: noise, width: side, height: side })));
});

const folder = dataFolder();

test('rates on the data folder', { skip: folder === undefined && 'no data folder' }, async () => {
  const mostPictures = 60;
  for (const [set, most] of [['nih', 0.3] as const, ['frontal_other', 0.65] as const]) {
    const images = join(folder!, set, 'images');
    const files = (await readdir(images)).sort();
    const every = Math.max(1, Math.floor(files.length / mostPictures));
    const sample = files.filter((_, index) => index % every === 0);
    let found = 0;
    for (const file of sample) if (findBurnedInText(await open(join(images, file))).length > 0) found += 1;
    console.log(`${set}: writing found in ${found} of ${sample.length}`);
    assert.ok(found > 0 && found / sample.length <= most, `${set}: ${found} of ${sample.length}`);
  }
});
