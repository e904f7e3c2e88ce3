import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CDPSession } from 'playwright-core';
import type { FindingMap } from '../../src/shared/analysis.ts';
import { dataFolder } from '../../tools/data-folder.ts';
import { Stage } from '../faults/support.ts';
import { install, openFiles, results } from './journey.ts';

const example = 'test/fixtures/examples/demo_effusion.png';
const realImages = 20;
/** Most of the fluid is drawn at the patient's left, the picture's right (draw_effusion.py); shares of the picture. */
const fluid = { left: 0.57, right: 0.92, top: 0.32, bottom: 0.78 };

/** Addresses that the page, its workers and the service worker asked for, as CDP saw them. */
async function recordRequests(stage: Stage): Promise<string[]> {
  const addresses: string[] = [];
  stage.context.on('request', (request) => addresses.push(request.url()));
  const page = stage.context.pages()[0] ?? (await stage.context.newPage());
  const session: CDPSession = await stage.session(page);
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ request }) => addresses.push(request.url));
  return addresses;
}

async function readOffline(under: string): Promise<void> {
  const stage = await Stage.open({ under });
  try {
    await install(await stage.page());
    await stage.server.stop();
    await stage.relaunch();

    const addresses = await recordRequests(stage);
    const page = await stage.page();
    await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
    await openFiles(page, [example]);
    const [result] = await results(page);
    assert.equal(result?.analysis.findings.length, 14);
    assert.notEqual(result?.analysis.gate.verdict, 'refuse');

    // A real map: it points at the fluid.
    const map = result?.maps['Effusion'];
    assert.ok(map !== undefined);
    const evidence = evidenceOf(map);
    assert.ok(evidence.fluid > 2 * evidence.elsewhere, JSON.stringify(evidence));

    const data = dataFolder();
    if (data !== undefined) {
      const folder = join(data, 'nih/images');
      const files = (await readdir(folder)).sort().slice(0, realImages);
      await openFiles(
        page,
        files.map((file) => join(folder, file)),
      );
      const all = await results(page);
      assert.equal(all.length, 1 + files.length);
      assert.ok(all.every(({ analysis, maps }) => analysis.findings.length === 14 && 'Effusion' in maps));
    }

    const origin = new URL(stage.server.url).origin;
    const foreign = addresses.filter(
      (address) => /^(https?|wss?):/.test(address) && new URL(address).origin !== origin,
    );
    assert.deepEqual(foreign, []);
    assert.ok(
      addresses.some((address) => address.startsWith(stage.server.url)),
      'the recording saw our own requests',
    );
  } finally {
    await stage.close();
  }
}

/** Means of a map's values where most of the fluid is drawn, and everywhere else. */
function evidenceOf({ width, height, values }: FindingMap): { readonly fluid: number; readonly elsewhere: number } {
  const isFluid = (_: number, index: number): boolean => {
    const [y, x] = [(Math.floor(index / width) + 0.5) / height, ((index % width) + 0.5) / width];
    return x > fluid.left && x < fluid.right && y > fluid.top && y < fluid.bottom;
  };
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return {
    fluid: mean(values.filter(isFluid)),
    elsewhere: mean(values.filter((value, index) => !isFluid(value, index))),
  };
}

test('an installed app reads X-rays after its server and its browser were stopped', () => readOffline('/'));

test('the same in a folder of a host', () => readOffline('/chester/'));
