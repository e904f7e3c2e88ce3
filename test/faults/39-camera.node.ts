/** FAULTS row 39: the camera is refused, absent, black or unplugged: a sentence, and a file goes in instead. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approachFilm, fakeCamera, fakeCameraArgs } from '../support/fake-camera.ts';
import { acceptNotice, Stage, waitForState } from './support.ts';

const photograph = 'test/fixtures/photographs/film.jpg';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

/** One frame, uncompressed (YUV4MPEG2, 4:2:0): no light, no colour. */
function blackFilm(width: number, height: number): Buffer {
  const [darkest, noColour] = [16, 128];
  const luma = Buffer.alloc(width * height, darkest);
  const chroma = Buffer.alloc((width * height) / 2, noColour);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420\nFRAME\n`), luma, chroma]);
}

async function start(browserArgs: readonly string[]): Promise<Page> {
  const stage = await Stage.open({ browserArgs });
  cleanUp.push(() => stage.close());
  const page = await stage.page();
  await acceptNotice(page);
  return page;
}

/** The file that goes in instead is asked its corners, like any photograph. */
async function openInstead(page: Page, input: string): Promise<void> {
  await page.locator(input).setInputFiles(photograph);
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'corners', 'the corners of the photograph');
}

test('refused: it says so, and takes a photo from the gallery', async () => {
  const page = await start(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
  await page.getByRole('button', { name: 'Take photo' }).click();
  await page.getByText('The browser does not let this page use the camera.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Take the photo now' }).count(), 0);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a photo' }).click();
  await (await chooser).setFiles(photograph);
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'corners', 'the corners of the photograph');
});

test('absent: the button opens the camera app or the picker at once, and the camera’s address says why', async () => {
  const page = await start([]);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Take photo' }).click();
  await chooser;
  await page.evaluate(() => {
    location.hash = '#/camera';
  });
  await page.getByText('No camera was found on this device.').waitFor();
  await openInstead(page, 'input.gallery');
});

test('black: it says so, goes on looking, and offers the other ways', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chester-black-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  const film = join(folder, 'black.y4m');
  await writeFile(film, blackFilm(640, 480));
  const page = await start(fakeCameraArgs(film));
  await page.getByRole('button', { name: 'Take photo' }).click();
  await page.getByText('The camera shows nothing but black.').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Take the photo now' }).isEnabled(), true);
  await openInstead(page, 'input.gallery');
});

test('unplugged: it says so, and starts again when it is back', async () => {
  const camera = await fakeCamera(approachFilm);
  cleanUp.push(camera.remove);
  const page = await start(camera.browserArgs);
  await page.getByRole('button', { name: 'Take photo' }).click();
  await page.getByRole('button', { name: 'Automatic' }).click();
  const shutter = page.getByRole('button', { name: 'Take the photo now' }).and(page.locator(':enabled'));
  await shutter.waitFor();
  // What a browser does when the device goes (Media Capture and Streams, §4.3.3): the track ends by itself.
  await page.locator('video').evaluate((video: HTMLVideoElement) => {
    for (const track of (video.srcObject as MediaStream).getVideoTracks()) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await page.getByText('The camera stopped').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await shutter.waitFor();
});
