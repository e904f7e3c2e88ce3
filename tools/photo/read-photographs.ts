import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePhoto } from '../../src/imaging/photo/decode-photo.ts';
import { wholePicture } from '../../src/imaging/photo/find-corners.ts';
import type { Corners, ImageSource, PhotoImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs, readPictureFile } from '../read/node-codecs.ts';

/** What the generator says of one photograph; see training/photo/photograph.py. */
export interface Conditions {
  readonly file: string;
  readonly xray: string;
  readonly kind: 'film' | 'monitor';
  readonly scene: string;
  readonly corners: readonly (readonly [number, number])[];
  readonly tilt: number;
  readonly rotation: number;
  readonly share: number;
  readonly touches: boolean;
  readonly hands: boolean;
  readonly glare: readonly { readonly area: number; readonly strength: number }[];
  readonly moire: number;
  readonly stops: number;
  readonly blur: number;
  readonly motion: number;
  readonly quality: number;
}

export interface KnownPhoto {
  readonly name: string;
  readonly photo: PhotoImage;
  readonly truth: Corners;
  /** As the file says. */
  readonly source: ImageSource;
  /** Absent for a folder of pictures that show nothing but the X-ray. */
  readonly conditions?: Conditions;
}

/**
 * The photographs of a folder that the generator wrote (`photographs.jsonl`); of any other folder, each picture is taken
 * for one that shows nothing but the X-ray.
 */
export async function* readPhotographs(folder: string, limit: number): AsyncGenerator<KnownPhoto> {
  const codecs = createNodeCodecs();
  const read = async (name: string): Promise<{ photo: PhotoImage; source: ImageSource }> =>
    decodePhoto(await readPictureFile(join(folder, name)), codecs);
  const list = join(folder, 'photographs.jsonl');
  if (!existsSync(list)) {
    const names = readdirSync(folder).filter((name) => /\.(jpe?g|png)$/i.test(name));
    for (const name of names.sort().slice(0, limit)) {
      const { photo, source } = await read(name);
      yield { name, photo, source, truth: wholePicture(photo) };
    }
    return;
  }
  const lines = readFileSync(list, 'utf8').trim().split('\n').slice(0, limit);
  for (const conditions of lines.map((line) => JSON.parse(line) as Conditions)) {
    const truth = conditions.corners.map(([x, y]) => ({ x, y })) as unknown as Corners;
    yield { name: conditions.file, ...(await read(conditions.file)), truth, conditions };
  }
}
