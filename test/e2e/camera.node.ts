/** The live camera: it finds the film, says what to do, shoots by itself, and what it took is read; all without a network. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import type { Corners } from '../../src/shared/analysis.ts';
import { Stage, waitForState, waitUntil } from '../faults/support.ts';
import { approachFilm, approachStillFrames, fakeCamera, type FakeCamera } from '../support/fake-camera.ts';
import { endings, install } from './journey.ts';

/** The still end is played for so long that a machine busy with other tests sees enough frames of it, seconds. */
const stillTimes = 30;

let camera: FakeCamera;
let stage: Stage;
let page: Page;

before(async () => {
  camera = await fakeCamera(approachFilm, { frames: approachStillFrames, times: stillTimes });
  stage = await Stage.open({ browserArgs: camera.browserArgs });
  page = await stage.page();
  page.on('dialog', (dialog) => void dialog.accept());
  await install(page);
  await stage.server.stop();
});

after(async () => {
  await stage.close();
  await camera.remove();
});

/** Notes each hint that comes onto the screen, in order. */
async function noteHints(): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenHints: seen });
    const find = (root: ParentNode): Element | undefined => {
      for (const element of root.querySelectorAll('*')) {
        if (element.localName === 'camera-screen') return element;
        const deeper = element.shadowRoot === null ? undefined : find(element.shadowRoot);
        if (deeper !== undefined) return deeper;
      }
      return undefined;
    };
    setInterval(() => {
      const hint = find(document)?.shadowRoot?.querySelector('.hint')?.classList.item(1);
      if (typeof hint === 'string' && seen.at(-1) !== hint) seen.push(hint);
    }, 20);
  });
  return () => page.evaluate(() => (globalThis as unknown as { seenHints: string[] }).seenHints);
}

/** How many cameras of this page are on. */
function camerasOn(): Promise<number> {
  return page.evaluate(() => {
    const videos: HTMLVideoElement[] = [];
    const look = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLVideoElement) videos.push(element);
        if (element.shadowRoot !== null) look(element.shadowRoot);
      }
    };
    look(document);
    const tracks = videos.flatMap(({ srcObject }) => (srcObject instanceof MediaStream ? srcObject.getTracks() : []));
    return tracks.filter(({ readyState }) => readyState === 'live').length;
  });
}

test('a film is found, the way to a good photo is told, and the app shoots and reads it by itself', async () => {
  const seen = await noteHints();
  await page.getByRole('button', { name: 'Take photo' }).click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'corners', 'the app to shoot by itself', 120_000);
  const hints = await seen();
  assert.ok(hints.includes('closer'), `told to come closer: ${hints.join(', ')}`);
  assert.equal(hints.at(-1), 'ready');
  assert.equal(await camerasOn(), 0);

  await page.getByRole('button', { name: 'Read this X-ray' }).click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the photograph to be read');
  const [ending] = await endings(page);
  assert.match(ending?.name ?? '', /^photo-.*\.jpg$/u);
  const photo = ending?.analysis?.image.source.photo;
  assert.equal(photo?.placedBy, 'app');
  // Steady, straight, near, bright and sharp was asked for: nothing of that is left to warn of.
  assert.deepEqual(photo.reasons, []);
  const { corners } = JSON.parse(await readFile(approachFilm.replace(/mjpeg$/u, 'json'), 'utf8')) as {
    readonly corners: readonly (readonly (readonly [number, number])[])[];
  };
  const truth = corners.at(-1)?.map(([x, y]) => ({ x, y })) as unknown as Corners;
  const off = cornerDistance(photo.corners, truth) / Math.hypot(photo.width, photo.height);
  assert.ok(off < 0.03, `corners off by ${off.toFixed(3)} of the diagonal`);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Leave without keeping' }).click();
});

test('without its own shot the camera waits for a key, and is off when the page is left', async () => {
  await page.getByRole('button', { name: 'Take photo' }).click();
  await page.getByRole('button', { name: 'Automatic' }).click();
  await page.getByRole('button', { name: 'Take the photo now' }).and(page.locator(':enabled')).waitFor();
  assert.equal(await camerasOn(), 1);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open X-ray' }).waitFor();
  await waitUntil(async () => (await camerasOn()) === 0, 'the camera to be off');

  await page.getByRole('button', { name: 'Take photo' }).click();
  const byItself = page.getByRole('button', { name: 'Automatic' });
  await page.getByRole('button', { name: 'Take the photo now' }).and(page.locator(':enabled')).waitFor();
  // Remembered.
  assert.equal(await byItself.getAttribute('aria-pressed'), 'false');
  await page.locator('main').focus();
  await page.keyboard.press('Enter');
  await waitForState(page, ({ queue }) => queue[1]?.kind === 'corners', 'the photograph by hand');
  assert.equal(await camerasOn(), 0);
});
