/**
 * Files (`--only files`): a large JPEG 2000 radiograph against its codec alone, a refused header, a phone's photograph
 * against the browser's own decoder. In pairs, on one installed page; the least of several runs, for a busy machine only
 * ever adds.
 */

import { readdir } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright-core';
import type { ChesterApp } from '../src/app/app-model.ts';
import { decodePicture } from '../src/imaging/decode-picture.ts';
import { resizeArea } from '../src/imaging/resize.ts';
import { waitForState } from '../test/faults/support.ts';
import { encodeJpeg2000 } from '../test/fixtures/encode-frame.ts';
import { makeDicom, testValues } from '../test/fixtures/make-dicom.ts';
import { makeExif } from '../test/fixtures/make-jpegs.ts';
import { seededRandom } from '../test/support/mutate.ts';
import { createNodeCodecs, readPictureFile } from '../tools/read/node-codecs.ts';
import { acceptAndInstall, openStage, type BenchStage } from './stage.ts';
import type { Figure } from './table.ts';

const pairs = 5;
const refusals = 15;
const radiograph = { width: 2128, height: 2000, bits: 12 } as const;
/** Half the width, in steps of 12 bits, of the noise that a detector adds: without it a codec has too little to do. */
const noiseSteps = 12;
const photograph = { width: 4284, height: 5712 } as const;
/** Times the codec's own time, and the browser's. */
const radiographBudget = 2;
const photographBudget = 1.5;
const refusalBudgetMs = 50;
/** A pyramid as encoders make it for a picture of this size. */
const levels = 5;

export async function measureFiles(): Promise<Figure[]> {
  const stream = await encodeRadiograph();
  const stage = await openStage();
  try {
    const { page, url } = stage;
    await page.goto(url);
    await acceptAndInstall(page);
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
    return [
      ...(await measureRadiograph(page, stream)),
      ...(await measureRefusal(page)),
      ...(await measurePhotograph(stage)),
    ];
  } finally {
    await stage.close();
  }
}

/** The synthetic example at a detector's size, with a detector's noise. */
async function encodeRadiograph(): Promise<Uint8Array> {
  const example = await decodePicture(
    await readPictureFile('test/fixtures/examples/demo_effusion.png'),
    createNodeCodecs(),
  );
  const { width, height, bits } = radiograph;
  const white = 2 ** bits - 1;
  const random = seededRandom(1);
  const large = resizeArea(example.data, example.width, example.height, width, height);
  const values = Int32Array.from(large, (value) => {
    const noise = (random() + random() - 1) * noiseSteps;
    return Math.min(white, Math.max(0, Math.round(value * white + noise)));
  });
  return encodeJpeg2000({ width, height, bits, samples: 1, signed: false, values }, undefined, levels);
}

/** Gives bytes to a page as base64: an array of numbers would be ten times as long. */
const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function measureRadiograph(page: Page, stream: Uint8Array): Promise<Figure[]> {
  const { width, height, bits } = radiograph;
  const file = makeDicom({
    ...{ width, height, bitsAllocated: 16, bitsStored: bits, values: [] },
    ...{ syntax: '1.2.840.10008.1.2.4.90', fragments: [new Uint8Array(), stream] },
    elements: [
      [0x0028_1050, 'DS', '2048'],
      [0x0028_1051, 'DS', '4096'],
    ],
  });
  const assets = await readdir('dist/www/assets');
  const script = assets.find((name) => /^openjpegwasm_decode-.*\.js$/.test(name));
  const wasm = assets.find((name) => /^openjpegwasm_decode-.*\.wasm$/.test(name));
  if (script === undefined || wasm === undefined) throw new Error('the site is not built: node build.mjs --test');
  let shown = Number.POSITIVE_INFINITY;
  let alone = Number.POSITIVE_INFINITY;
  for (let pair = 0; pair < pairs; pair += 1) {
    shown = Math.min(shown, await openAndShow(page, inBase64(file)));
    alone = Math.min(alone, await decodeAlone(page, inBase64(stream), script, wasm));
  }
  const name = `JPEG 2000, ${width} × ${height}, ${bits} bits (${(stream.length / 1e6).toFixed(1)} MB)`;
  return [
    { area: 'files', name: `${name}: opened, decided and shown, least`, value: shown, unit: 'ms' },
    { area: 'files', name: `${name}: its codec alone, least`, value: alone, unit: 'ms' },
    {
      area: 'files',
      name: `${name}: times its codec`,
      value: shown / alone,
      unit: '×',
      budget: radiographBudget,
    },
  ];
}

/** Milliseconds from the file to its result on the screen. */
function openAndShow(page: Page, base64: string): Promise<number> {
  return page.evaluate(async (encoded) => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    if (app === undefined) throw new Error('the app is not there');
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const start = performance.now();
    app.open([new File([bytes], 'radiograph.dcm')]);
    await new Promise<void>((resolve, reject) => {
      const stop = app.subscribe(() => {
        const state = app.state.queue.at(-1)?.state;
        if (state?.kind === 'failed') reject(new Error(state.error.code));
        if (state?.kind !== 'done') return;
        stop();
        resolve();
      });
    });
    // Drawn with the next frame, on the screen with the one after it.
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const took = performance.now() - start;
    for (const { id } of app.state.queue) app.dismiss(id);
    return took;
  }, base64);
}

/** Milliseconds of OpenJPEG on the same codestream in the same browser: a fresh instance of the compiled module, as ours. */
function decodeAlone(page: Page, base64: string, script: string, wasm: string): Promise<number> {
  return page.evaluate(
    async ([encoded, scriptName, wasmName]) => {
      interface Decoder {
        getEncodedBuffer(bytes: number): Uint8Array;
        decode(): void;
        getDecodedBuffer(): Uint8Array;
        delete(): void;
      }
      type Start = (options: object) => Promise<{ readonly J2KDecoder: new () => Decoder }>;
      const address = new URL(`assets/${scriptName}`, document.baseURI).href;
      const { default: start } = (await import(address)) as { default: Start };
      const compiled = await WebAssembly.compile(await (await fetch(`assets/${wasmName}`)).arrayBuffer());
      const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
      const before = performance.now();
      const module = await start({
        print: () => undefined,
        printErr: () => undefined,
        instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
          const instance = new WebAssembly.Instance(compiled, imports);
          done(instance);
          return instance.exports;
        },
      });
      const decoder = new module.J2KDecoder();
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      if (decoder.getDecodedBuffer().length === 0) throw new Error('nothing was decoded');
      decoder.delete();
      return performance.now() - before;
    },
    [base64, script, wasm] as const,
  );
}

/** A header that declares 30,000 × 30,000 pixels in front of eight megabytes. */
async function measureRefusal(page: Page): Promise<Figure[]> {
  const side = 2000;
  const file = makeDicom({
    ...{ width: side, height: side, bitsAllocated: 16, values: testValues(side, side, 1, 16, false) },
    elements: [
      [0x0028_0010, 'US', [30_000]],
      [0x0028_0011, 'US', [30_000]],
    ],
  });
  const times = await page.evaluate(
    async ([encoded, count]) => {
      const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
      if (app === undefined) throw new Error('the app is not there');
      const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
      const all: number[] = [];
      for (let run = 0; run < count; run += 1) {
        const start = performance.now();
        app.open([new File([bytes], 'claims.dcm')]);
        await new Promise<void>((resolve, reject) => {
          const stop = app.subscribe(() => {
            const state = app.state.queue.at(-1)?.state;
            if (state?.kind === 'done') reject(new Error('it was read'));
            if (state?.kind !== 'failed') return;
            stop();
            if (state.error.code === 'image-too-large') resolve();
            else reject(new Error(state.error.code));
          });
        });
        all.push(performance.now() - start);
        for (const { id } of app.state.queue) app.dismiss(id);
      }
      return all;
    },
    [inBase64(file), refusals] as const,
  );
  return [
    { area: 'files', name: 'a refused header, the worker just opened', value: times[0] ?? Number.NaN, unit: 'ms' },
    {
      area: 'files',
      name: 'a refused header, 8 MB behind it, least',
      value: Math.min(...times.slice(1)),
      unit: 'ms',
      budget: refusalBudgetMs,
    },
  ];
}

/**
 * From the file to the corners that a person puts right, beside `createImageBitmap` of the same bytes; on the clock, and
 * in the renderer's processor time, which other work on the machine does not stretch.
 */
async function measurePhotograph({ page, browserSession }: BenchStage): Promise<Figure[]> {
  const exif = inBase64(makeExif(1, true));
  const megabytes = await page.evaluate(makePhotograph, { ...photograph, exif });
  const best = { own: Number.POSITIVE_INFINITY, browser: Number.POSITIVE_INFINITY };
  const processor = { ...best };
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const [who, work] of [['own', openPhotograph] as const, ['browser', decodePhotograph] as const]) {
      const before = await rendererSeconds(browserSession);
      best[who] = Math.min(best[who], await page.evaluate(work));
      processor[who] = Math.min(processor[who], (await rendererSeconds(browserSession)) - before);
    }
  }
  const name = `JPEG photograph, ${photograph.width} × ${photograph.height} (${megabytes.toFixed(1)} MB)`;
  const msInSecond = 1000;
  return [
    { area: 'files', name: `${name}: opened until its corners are shown, least`, value: best.own, unit: 'ms' },
    { area: 'files', name: `${name}: createImageBitmap, least`, value: best.browser, unit: 'ms' },
    {
      area: 'files',
      name: `${name}: times the browser's`,
      value: best.own / best.browser,
      unit: '×',
      budget: photographBudget,
    },
    { area: 'files', name: `${name}: processor time, least`, value: processor.own * msInSecond, unit: 'ms' },
    {
      area: 'files',
      name: `${name}: processor time, times the browser's`,
      value: processor.own / processor.browser,
      unit: '×',
    },
  ];
}

/** Processor time of all renderers so far, seconds. */
async function rendererSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

type WithPhotograph = typeof globalThis & { photograph?: Blob };

/** In the page: 4:2:0 with a sensor's noise and EXIF, as a phone makes it. @returns megabytes */
async function makePhotograph({ width, height, exif }: typeof photograph & { readonly exif: string }): Promise<number> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('no canvas');
  const strip = new ImageData(width, 64);
  let state = 1;
  for (let y = 0; y < height; y += strip.height) {
    for (let at = 0; at < strip.data.length; at += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const x = (at / 4) % width;
      const grey = 128 + 90 * Math.sin(x / 300) * Math.cos((y + at / 4 / width) / 400) + (state >>> 27) - 16;
      strip.data.set([grey, grey - 4, grey - 10, 255], at);
    }
    context.putImageData(strip, 0, y);
  }
  const plain = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const tiff = atob(exif);
  const segment = `\xff\xe1\0${String.fromCharCode(tiff.length + 8)}Exif\0\0${tiff}`;
  const bytes = Uint8Array.from(segment, (character) => character.charCodeAt(0));
  const blob = new Blob([plain.slice(0, 2), bytes, plain.slice(2)], { type: plain.type });
  (globalThis as WithPhotograph).photograph = blob;
  return blob.size / 1e6;
}

/** In the page: milliseconds until the corners are shown; then it is called off. */
async function openPhotograph(): Promise<number> {
  const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
  const blob = (globalThis as WithPhotograph).photograph;
  if (app === undefined || blob === undefined) throw new Error('the app is not there');
  const start = performance.now();
  app.open([new File([blob], 'IMG_0001.JPG', { type: 'image/jpeg' })]);
  await new Promise<void>((resolve, reject) => {
    const stop = app.subscribe(() => {
      const state = app.state.queue.at(-1)?.state;
      if (state?.kind === 'failed') reject(new Error(state.error.code));
      if (state?.kind !== 'corners') return;
      stop();
      resolve();
    });
  });
  const took = performance.now() - start;
  app.cancelAll();
  for (const { id } of app.state.queue) app.dismiss(id);
  return took;
}

/** In the page. */
async function decodePhotograph(): Promise<number> {
  const blob = (globalThis as WithPhotograph).photograph;
  if (blob === undefined) throw new Error('no photograph');
  const start = performance.now();
  const bitmap = await createImageBitmap(blob);
  const took = performance.now() - start;
  bitmap.close();
  return took;
}
