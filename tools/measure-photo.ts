/**
 * How well corners are found on photographs with known truth: `npm run -s measure-photo -- FOLDER… [--limit N] [--list]`.
 * With `--signs FILE`, what the checks measure of each, rectified by its true corners (and training/photo/fit_photo_blur.py is fitted to). With `--features FILE`, what is measured of all candidates, to fit their weights (training/photo/fit_corner_score.py). With
 * `--rectified FOLDER`, the pictures that the proposed corners make, to look at (training/photo/contact_sheet.py).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { blurFeatures } from '../src/imaging/photo/blur-features.ts';
import { findCorners, measureCandidates } from '../src/imaging/photo/find-corners.ts';
import { greyPhoto } from '../src/imaging/photo/photo-grey.ts';
import { measurePhotoSigns } from '../src/imaging/photo/photo-signs.ts';
import { rectifiedSize, rectify } from '../src/imaging/photo/rectify.ts';
import { cornerDistance } from '../src/imaging/photo/quad-candidates.ts';
import { readPhotographs } from './photo/read-photographs.ts';
import { writeRectified } from './photo/write-rectified.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '1000000' },
    list: { type: 'boolean', default: false },
    signs: { type: 'string' },
    features: { type: 'string' },
    rectified: { type: 'string' },
  },
});
/** Corners count as found where each lies within this share of the picture's diagonal. */
const close = 0.02;
const digits = 4;
const rounded = (value: number): number => Number(value.toFixed(digits));

/** What a picture is called that shows nothing else. */
const nothingElse = 'nothing but the X-ray';

interface Tally {
  photographs: number;
  first: number;
  proposed: number;
  /** Of those found first: whether film or monitor was guessed right. */
  kind: number;
}
const tallies = new Map<string, Tally>();
const times: number[] = [];
const lines: string[] = [];
/** Little-endian float32: a row a candidate, as training/photo/fit_corner_score.py reads it. */
const tables: Uint8Array[] = [];
const kinds = ['film', 'monitor', nothingElse];

for (const folder of positionals) {
  for await (const known of readPhotographs(folder, Number(values.limit))) {
    const { name, photo, truth, conditions } = known;
    const kind = conditions?.kind ?? nothingElse;
    const diagonal = Math.hypot(photo.width, photo.height);
    if (values.features !== undefined) {
      const rows = measureCandidates(photo).flatMap(({ corners, features, sides }) => {
        const distance = cornerDistance(corners, truth) / diagonal;
        return [tables.length, kinds.indexOf(kind), distance, ...features, ...sides.flatMap((side) => [...side])];
      });
      tables.push(new Uint8Array(Float32Array.from(rows).buffer));
      continue;
    }
    if (values.signs !== undefined) {
      const flat = rectify(greyPhoto(photo, truth).grey, truth, rectifiedSize(truth, photo));
      const signs = measurePhotoSigns(photo, truth, flat);
      lines.push(JSON.stringify({ name, kind, signs, blurFeatures: blurFeatures(flat), conditions }));
      continue;
    }
    const start = performance.now();
    const proposals = findCorners(photo);
    times.push(performance.now() - start);
    if (values.rectified !== undefined) writeRectified(values.rectified, known, proposals);
    const off = proposals.map(({ corners }) => cornerDistance(corners, truth) / diagonal);
    const [best = 1] = off;
    for (const group of ['all', kind, ...(conditions === undefined ? [] : [`${kind}, ${conditions.scene}`])]) {
      const tally = tallies.get(group) ?? { photographs: 0, first: 0, proposed: 0, kind: 0 };
      tally.photographs += 1;
      if (best <= close) tally.first += 1;
      if (off.some((value) => value <= close)) tally.proposed += 1;
      if (best <= close && proposals[0].inputKind === conditions?.kind) tally.kind += 1;
      tallies.set(group, tally);
    }
    if (values.list && best > close) console.log(name, off.map(rounded).join(' '), JSON.stringify(conditions ?? {}));
  }
}

if (values.signs !== undefined) writeFileSync(values.signs, `${lines.join('\n')}\n`);
if (values.features !== undefined) writeFileSync(values.features, Buffer.concat(tables));
const percent = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`;
for (const [group, { photographs, first, proposed, kind }] of tallies) {
  console.log(
    `${group}: ${photographs} photographs, found first ${percent(first, photographs)}, among the proposals ${percent(proposed, photographs)}, of those found first kind right ${percent(kind, first)}`,
  );
}
if (times.length > 0) {
  times.sort((a, b) => a - b);
  console.log(`finding corners: fastest ${times[0]!.toFixed(1)} ms, median ${times[times.length >> 1]!.toFixed(1)} ms`);
}
