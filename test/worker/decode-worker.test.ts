import { expect } from '@open-wc/testing';
import * as Comlink from 'comlink';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import type { DecodeApi } from '../../src/shared/messages.ts';
import { compressedFiles, height, width } from '../fixtures/dicom/pictures.ts';
import { makeBlockJpeg } from '../fixtures/make-jpegs.ts';
import { filmCorners } from '../fixtures/photographs/known-corners.ts';
import { makePng, makePngThatClaims, makeText, makeZeros } from '../fixtures/make-pictures.ts';

/** Made by `node build.mjs --test`. */
const workerAddress = '/dist/test/assets/decode-worker.js';

describe('the decode worker', () => {
  let worker: Worker;
  let api: Comlink.Remote<DecodeApi>;
  const decode = (file: Blob, stages: string[] = []): ReturnType<typeof api.decode> =>
    api.decode(
      file,
      Comlink.proxy((stage) => void stages.push(stage)),
    );

  before(() => {
    worker = new Worker(workerAddress, { type: 'module' });
    api = Comlink.wrap<DecodeApi>(worker);
  });
  after(() => worker.terminate());

  it('decodes PNG and JPEG, tells its stages, and hands its pixels over', async () => {
    const stages: string[] = [];
    const png = await decode(new Blob([makePng({ width: 40, height: 30 })]), stages);
    expect(png.ok && [png.value.image.width, png.value.display.height]).to.deep.equal([40, 30]);
    expect(stages).to.deep.equal(['reading', 'hashing', 'decoding', 'preparing']);
    const jpeg = await decode(new Blob([makeBlockJpeg(3, 2, 1, (_, column) => 100 * column)]));
    expect(jpeg.ok && [...jpeg.value.image.data.subarray(0, 24)].map((value) => Math.round(value * 255))).to.deep.equal(
      [
        ...Array.from({ length: 8 }, () => 0),
        ...Array.from({ length: 8 }, () => 100),
        ...Array.from({ length: 8 }, () => 200),
      ],
    );
  });

  it('answers what it cannot read with a code, and goes on', async () => {
    const files: readonly (readonly [Blob, string])[] = [
      [new Blob([]), 'file-empty'],
      [new Blob([makeText()]), 'format-is-text'],
      [makeZeros(3e9), 'file-too-large'],
      [new Blob([makePngThatClaims(30_000, 30_000)]), 'image-too-large'],
      [new Blob([makePng({ width: 50, height: 50 }).slice(0, 300)]), 'image-truncated'],
    ];
    for (const [file, code] of files) {
      const outcome = await decode(file);
      expect(outcome.ok ? 'decoded' : outcome.error.code).to.equal(code);
    }
    expect((await decode(new Blob([makePng({ width: 4, height: 4 })]))).ok).to.equal(true);
  });

  it('opens a photograph with its corners, and rectifies it', async () => {
    const file = await (await fetch('/test/fixtures/photographs/film.jpg')).blob();
    const ignore = Comlink.proxy(() => undefined);
    const opened = await api.openPhoto(file, ignore);
    if (!opened.ok) throw new Error(opened.error.code);
    const { photo, proposals } = opened.value;
    expect([photo.width, photo.height, photo.rgba.length]).to.deep.equal([1600, 900, 4 * 1600 * 900]);
    const [{ corners }] = proposals;
    expect(cornerDistance(corners, filmCorners) / Math.hypot(1600, 900)).to.be.below(0.02);
    const read = await api.rectify(file, { corners, placedBy: 'app', inputKind: 'film' }, ignore);
    if (!read.ok) throw new Error(read.error.code);
    const { image, display } = read.value;
    expect(image.source.photo?.corners).to.deep.equal(corners);
    expect(image.width / image.height).to.be.closeTo(display.width / display.height, 0.01);
    const line = { x: 5, y: 5 };
    const flat = await api.rectify(
      file,
      { corners: [line, line, line, line], placedBy: 'person', inputKind: 'film' },
      ignore,
    );
    expect(flat.ok ? 'rectified' : flat.error.code).to.equal('wrong-usage');
  });

  it('reads DICOM, one file a codec', async () => {
    for (const { name, syntax } of compressedFiles) {
      const response = await fetch(`/test/fixtures/dicom/${name}.dcm`);
      const outcome = await decode(await response.blob());
      expect(outcome.ok ? outcome.value.image.source.dicom?.transferSyntax : outcome.error.code, name).to.equal(syntax);
      expect(outcome.ok && [outcome.value.image.width, outcome.value.image.height]).to.deep.equal([width, height]);
    }
  });

  it('reads CMYK JPEG through the canvas of the worker', async () => {
    const cmyk = makeBlockJpeg(2, 2, 4, (component) => (component < 3 ? 255 : 128));
    const outcome = await decode(new Blob([cmyk]));
    expect(outcome.ok && outcome.value.image.data[0]! * 255).to.be.closeTo(128, 4);
  });
});
