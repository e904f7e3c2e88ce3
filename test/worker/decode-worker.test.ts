import { expect } from '@open-wc/testing';
import * as Comlink from 'comlink';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import type { Corners, PhotoChoice } from '../../src/shared/analysis.ts';
import { isOpenedPhoto, type DecodeApi } from '../../src/shared/messages.ts';
import { compressedFiles, height, width } from '../fixtures/dicom/pictures.ts';
import { identifyingElements } from '../fixtures/identified.ts';
import { makeDicom } from '../fixtures/make-dicom.ts';
import { makeBlockJpeg, withExif } from '../fixtures/make-jpegs.ts';
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

  it('opens what a camera made, or what is tinted, as a photograph, and the rest as it is', async () => {
    const ignore = Comlink.proxy(() => undefined);
    const film = await (await fetch('/test/fixtures/photographs/film.jpg')).arrayBuffer();
    const grey = makeBlockJpeg(4, 4, 1, (_, column) => 60 * column);
    const files: readonly (readonly [string, Blob, 'photograph' | 'picture'])[] = [
      ['tinted', new Blob([film]), 'photograph'],
      ['grey', new Blob([grey]), 'picture'],
      ['grey, its exposure stated', new Blob([withExif(grey, 1, true)]), 'photograph'],
      ['grey, turned', new Blob([withExif(grey, 6)]), 'picture'],
      ['PNG', new Blob([makePng({ width: 40, height: 30 })]), 'picture'],
    ];
    for (const [name, file, expected] of files) {
      const opened = await api.open(file, ignore);
      if (!opened.ok) throw new Error(`${name}: ${opened.error.code}`);
      expect(isOpenedPhoto(opened.value) ? 'photograph' : 'picture', name).to.equal(expected);
    }
    const cut = await api.open(new Blob([withExif(grey, 1, true).slice(0, 200)]), ignore);
    expect(cut.ok ? 'opened' : cut.error.code).to.equal('image-truncated');
  });

  it('opens a large photograph by the browser, upright, as it looks to our own decoder', async () => {
    const ignore = Comlink.proxy(() => undefined);
    const film = await (await fetch('/test/fixtures/photographs/film.jpg')).blob();
    const canvas = new OffscreenCanvas(3200, 1800);
    canvas.getContext('2d')?.drawImage(await createImageBitmap(film), 0, 0, 3200, 1800);
    const large = new Uint8Array(
      await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer(),
    );
    const own = await api.decode(new Blob([large]), ignore);
    for (const [orientation, width, height] of [
      [1, 2048, 1152],
      [6, 1152, 2048],
    ] as const) {
      const opened = await api.open(new Blob([withExif(large, orientation, true)]), ignore);
      if (!opened.ok || !isOpenedPhoto(opened.value) || !own.ok) throw new Error('no photograph');
      const { photo, source } = opened.value;
      expect([photo.width, photo.height, source.orientation]).to.deep.equal([width, height, orientation]);
      const { image } = own.value;
      let [difference, count] = [0, 0];
      for (let y = 10; y < 1152; y += 31) {
        for (let x = 10; x < 2048; x += 31) {
          const at = 4 * (orientation === 1 ? y * width + x : x * width + (width - 1 - y));
          const [red, green, blue] = photo.rgba.subarray(at, at + 3);
          const column = Math.floor(((x + 0.5) * image.width) / 2048);
          const row = Math.floor(((y + 0.5) * image.height) / 1152);
          const luma = (0.299 * red! + 0.587 * green! + 0.114 * blue!) / 255;
          difference += Math.abs(luma - image.data[row * image.width + column]!);
          count += 1;
        }
      }
      expect(difference / count, `orientation ${orientation}`).to.be.below(0.01);
    }
    const cut = await api.open(new Blob([withExif(large, 1, true).slice(0, 90_000)]), ignore);
    expect(cut.ok ? 'opened' : cut.error.code).to.equal('image-truncated');
  });

  it('rectifies the pixels that were opened, without decoding the file again', async () => {
    const file = await (await fetch('/test/fixtures/photographs/film.jpg')).blob();
    const ignore = Comlink.proxy(() => undefined);
    const opened = await api.open(file, ignore);
    if (!opened.ok || !isOpenedPhoto(opened.value)) throw new Error('no photograph');
    const { photo, source, proposals } = opened.value;
    const choice: PhotoChoice = { corners: proposals[0].corners, placedBy: 'app', inputKind: 'film' };
    const decoded = await api.rectify(file, choice, ignore);
    // Another file: were it decoded, its pixels would be others.
    const other = new Blob([makePng({ width: 40, height: 30 })]);
    const given = Comlink.transfer({ photo, source }, [photo.rgba.buffer]);
    const kept = await api.rectify(other, choice, ignore, {}, given);
    if (!decoded.ok || !kept.ok) throw new Error('not rectified');
    expect(photo.rgba.length).to.equal(0);
    expect(kept.value.image).to.deep.equal(decoded.value.image);
    expect(kept.value.sha256).not.to.equal(decoded.value.sha256);
  });

  it('looks at a frame of the camera, and makes a photograph of it', async () => {
    const file = await (await fetch('/test/fixtures/photographs/film.jpg')).blob();
    const whole = { width: 1600, height: 900 };
    const bitmap = await createImageBitmap(file);
    for (const image of [new VideoFrame(bitmap, { timestamp: 0 }), bitmap]) {
      const seen = await api.lookAtFrame(Comlink.transfer({ image, ...whole }, [image]));
      if (!seen.ok) throw new Error(seen.error.code);
      const corners = seen.value.film?.corners.map(({ x, y }) => ({ x: 1600 * x, y: 900 * y })) as unknown as Corners;
      expect(cornerDistance(corners, filmCorners) / Math.hypot(1600, 900)).to.be.below(0.02);
      expect(seen.value.film?.shortSide).to.be.closeTo(640, 40);
    }
    // More pixels than are kept.
    const large = await createImageBitmap(file, { resizeWidth: 3200, resizeHeight: 1800 });
    const kept = await api.keepFrame(
      Comlink.transfer({ image: large, width: large.width, height: large.height }, [large]),
    );
    if (!kept.ok) throw new Error(kept.error.code);
    expect(kept.value.type).to.equal('image/jpeg');
    const photograph = await createImageBitmap(kept.value);
    expect([photograph.width, photograph.height]).to.deep.equal([2048, 1152]);
  });

  it('reads DICOM, one file a codec', async () => {
    for (const { name, syntax } of compressedFiles) {
      const response = await fetch(`/test/fixtures/dicom/${name}.dcm`);
      const outcome = await decode(await response.blob());
      expect(outcome.ok ? outcome.value.image.source.dicom?.transferSyntax : outcome.error.code, name).to.equal(syntax);
      expect(outcome.ok && [outcome.value.image.width, outcome.value.image.height]).to.deep.equal([width, height]);
    }
  });

  it('reads the frame that is named, inverted when asked, and shows another window without its pixels going on', async () => {
    const bytes = makeDicom({
      ...{ width: 2, height: 1, frames: 2, bitsAllocated: 8, values: [0, 0, 100, 200] },
      elements: [
        [0x0028_1050, 'DS', '100\\200'],
        [0x0028_1051, 'DS', '200\\200'],
        [0x0028_1056, 'CS', 'LINEAR_EXACT'],
      ],
    });
    const silent = Comlink.proxy(() => undefined);
    const second = await api.decode(new Blob([bytes]), silent, { frame: 2, inverted: true });
    expect(second.ok && [...second.value.image.data]).to.deep.equal([0.5, 0]);
    expect(second.ok && [second.value.image.source.inverted, second.value.image.source.dicom?.frame]).to.deep.equal([
      true,
      2,
    ]);
    const seen = await api.look(new Blob([bytes]), { frame: 2, voi: 1 });
    expect(seen.ok && [...seen.value.display.data]).to.deep.equal([0, 128]);
    expect(seen.ok && seen.value.source.dicom?.voi.center).to.equal(200);
    const none = await api.look(new Blob([bytes]), { frame: 3 });
    expect(none.ok ? 'seen' : none.error.code).to.equal('dicom-no-frame');
    // Whatever the page says, the network's picture is in the first window.
    const smuggled = { frame: 2, voi: 1 };
    const plain = await api.decode(new Blob([bytes]), silent, smuggled);
    expect(plain.ok && [...plain.value.image.data]).to.deep.equal([0.5, 1]);
  });

  it('tells the patient apart from the picture, and makes a copy without', async () => {
    const file = new Blob([
      makeDicom({ width: 3, height: 2, bitsAllocated: 8, values: [1, 2, 3, 4, 5, 6], elements: identifyingElements }),
    ]);
    const outcome = await decode(file);
    expect(outcome.ok && outcome.value.patient?.name).to.equal('SECRET Patient');
    expect(outcome.ok && JSON.stringify(outcome.value.image.source)).to.not.include('SECRET');
    const copy = await api.deidentify(file, [{ x: 0, y: 0, width: 0.5, height: 0.5 }]);
    if (!copy.ok) throw new Error(copy.error.code);
    expect(copy.value.report.emptied).to.include("Patient's Name");
    const again = await decode(new Blob([copy.value.bytes]));
    expect(again.ok && again.value.patient).to.equal(undefined);
    expect(again.ok && again.value.image.source.dicom?.burnedInAnnotation).to.equal(false);
    const none = await api.deidentify(new Blob([makePng({ width: 4, height: 4 })]), []);
    expect(none.ok ? 'copied' : none.error.code).to.equal('format-unsupported');
  });

  it('reads CMYK JPEG through the canvas of the worker', async () => {
    const cmyk = makeBlockJpeg(2, 2, 4, (component) => (component < 3 ? 255 : 128));
    const outcome = await decode(new Blob([cmyk]));
    expect(outcome.ok && outcome.value.image.data[0]! * 255).to.be.closeTo(128, 4);
  });
});
