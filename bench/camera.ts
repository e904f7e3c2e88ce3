/**
 * The live camera: what looking at one frame costs (corners, checks, and the way to the worker and back), and what is left on the
 * page's thread while the camera runs. Frames are those of the tests' synthetic approach to a film.
 */

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Stage, act, waitForState } from '../test/faults/support.ts';
import { launchPersistent } from '../test/support/browser.ts';
import { approachFilm, fakeCamera, framesOf } from '../test/support/fake-camera.ts';
import { startFaultServer } from '../test/support/fault-server.ts';
import { slowedTasks, taskFigures } from './long-tasks.ts';
import { pageDriver } from './page-driver.ts';
import type { CameraBench, FrameForm } from './pages/camera-page.ts';
import { bundleScripts } from './engines/make-site.ts';
import { median, type Figure } from './table.ts';

/** Issue 8: eight frames a second on a device four times slower. */
const frameBudgetMs = 30;
const rounds = 10;
/** Every so manyth frame of the approach: at full size each takes 32 MB. */
const everyFrame = 5;
/** Frames as a camera gives them: what the app asks for, and full HD. */
const sizes = [
  [1536, 2048],
  [1080, 1920],
] as const;
const forms: Readonly<Record<FrameForm, string>> = { planes: 'frame', picture: 'drawn frame' };
const watchedMs = 8_000;

export async function measureCamera(): Promise<Figure[]> {
  return [...(await measureFrames()), ...(await measurePage())];
}

async function measureFrames(): Promise<Figure[]> {
  const site = await mkdtemp(join(tmpdir(), 'chester-bench-'));
  await bundleScripts(site, { page: 'bench/pages/camera-page.ts' });
  await cp('dist/test/assets', join(site, 'assets'), { recursive: true });
  await writeFile(
    join(site, 'index.html'),
    '<!doctype html><title>Bench</title><script type="module" src="page.js"></script>',
  );
  const frames = framesOf(await readFile(approachFilm)).filter((_, index) => index % everyFrame === 0);
  const names = frames.map((_, index) => `${index}.jpg`);
  await Promise.all(frames.map((frame, index) => writeFile(join(site, `${index}.jpg`), frame)));
  const server = await startFaultServer({ root: site, headers: false });
  const profile = await mkdtemp(join(tmpdir(), 'chester-bench-profile-'));
  const context = await launchPersistent(profile);
  try {
    const figures: Figure[] = [];
    for (const [width, height] of sizes) {
      const page = await context.newPage();
      const call = await pageDriver<CameraBench>(page, server.url);
      await call('open', names, width, height);
      for (const [form, seen] of Object.entries(forms)) {
        await call('look', 1, form);
        const { ms, films } = await call('look', rounds, form);
        if (films < ms.length / 2) throw new Error('hardly a film was found: nothing was measured');
        const name = `${seen} of ${width} × ${height}: corners, checks, to the worker and back`;
        const figure = { area: 'camera', name: `${name}, median`, value: median(ms), unit: 'ms' };
        figures.push(form === 'planes' ? { ...figure, budget: frameBudgetMs } : figure);
        figures.push({ area: 'camera', name: `${name}, fastest`, value: Math.min(...ms), unit: 'ms' });
      }
      await page.close();
    }
    return figures;
  } finally {
    await context.close();
    await server.close();
    await rm(profile, { recursive: true, force: true });
    await rm(site, { recursive: true, force: true });
  }
}

async function measurePage(): Promise<Figure[]> {
  const camera = await fakeCamera(approachFilm);
  const stage = await Stage.open({ browserArgs: camera.browserArgs });
  try {
    const page = await stage.page();
    await waitForState(page, ({ accepted }) => accepted !== undefined, 'the app to start');
    await act(page, 'acceptNotForMedicalUse');
    await page.getByRole('button', { name: 'Take photo' }).click();
    await page.getByRole('button', { name: 'Automatic' }).click();
    await page.getByRole('button', { name: 'Take the photo now' }).and(page.locator(':enabled')).waitFor();
    const browser = stage.context.browser();
    const session = browser === null ? await stage.session(page) : await browser.newBrowserCDPSession();
    return taskFigures(await slowedTasks(stage.context, page, session, () => wait(watchedMs)), 'camera');
  } finally {
    await stage.close();
    await camera.remove();
  }
}
