/**
 * Draws `static/icons/*.png` from `static/icons/icon.svg` with Chromium. Run by hand after the drawing changed:
 *
 *   node --import tsx tools/icons/main.ts
 *
 * Maskable icons and Apple's are full-bleed; of a maskable one only the middle circle of 80 % is sure to be seen
 * (W3C App Manifest, "safe zone"), so the drawing is smaller there.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumArgs, chromiumPath } from '../../test/support/browser.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../static/icons');
const appleSide = 180;
const icons = [
  { name: 'icon-192.png', side: 192, bleed: false },
  { name: 'icon-512.png', side: 512, bleed: false },
  { name: 'icon-maskable-192.png', side: 192, bleed: true },
  { name: 'icon-maskable-512.png', side: 512, bleed: true },
  { name: 'apple-touch-icon.png', side: appleSide, bleed: true },
] as const;

/** The drawing reaches 0.35 of its side from the middle downwards; × 0.86 lies inside the safe zone. */
const drawingScale = 0.86;
const drawingSide = 512;

function fullBleed(svg: string): string {
  const shift = (drawingSide * (1 - drawingScale)) / 2;
  return svg
    .replace('rx="112"', '')
    .replace(/(<rect [^>]*\/>)/, `$1<g transform="translate(${shift} ${shift}) scale(${drawingScale})">`)
    .replace('</svg>', '</g></svg>');
}

const drawing = await readFile(join(folder, 'icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] });
const page = await browser.newPage();
for (const { name, side, bleed } of icons) {
  await page.setViewportSize({ width: side, height: side });
  const svg = bleed ? fullBleed(drawing) : drawing;
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
