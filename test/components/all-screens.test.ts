import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { allScreens } from './screens.ts';
import { expectAccessible, findAll, openScreen, words } from './support.ts';

/** What must never be said of the absence of findings. */
const forbidden = /\b(normal|healthy|all clear)\b/i;

describe('every screen', () => {
  for (const screen of allScreens()) {
    it(`${screen.name}: is accessible in both themes, carries the badge and reassures nobody`, async () => {
      const element = await openScreen(screen.app, screen.hash, screen.view);
      const text = words(element);
      expect(text).to.contain('Not for medical use');
      expect(text).not.to.match(forbidden);
      expect(findAll(element, 'h1').length, 'one heading a screen').to.equal(screen.name === 'starting' ? 0 : 1);
      await expectAccessible(element);
    });
  }

  it('has no control smaller than 48 px', async () => {
    for (const screen of allScreens()) {
      const element = await openScreen(screen.app, screen.hash, screen.view);
      for (const control of findAll(element, 'button, a.button, nav a, input[type=text], summary')) {
        if (control.offsetParent === null) continue;
        const { width, height } = control.getBoundingClientRect();
        expect(Math.min(width, height), `${screen.name}: ${control.textContent.trim()}`).to.be.at.least(47.9);
      }
    }
  });

  for (const [width, height, meaning] of [
    [320, 568, 'the smallest phone'],
    [640, 400, 'a desktop zoomed to 200 %'],
    [320, 200, 'a desktop zoomed to 400 %'],
  ] as const) {
    it(`needs no sideways scrolling at ${width} × ${height}: ${meaning}`, async () => {
      await setViewport({ width, height });
      for (const screen of allScreens()) {
        await openScreen(screen.app, screen.hash, screen.view);
        expect(document.documentElement.scrollWidth, screen.name).to.be.at.most(width);
      }
      await setViewport({ width: 800, height: 600 });
    });
  }
});
