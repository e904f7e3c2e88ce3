import { expect, html } from '@open-wc/testing';
import type { OfflineStatus } from '../../src/app/app-model.ts';
import type { OfflineStatusElement } from '../../src/ui/offline-status.ts';
import { button, click, expectAccessible, mount, words } from './support.ts';

const bytes = { receivedBytes: 2_100_000, totalBytes: 6_240_000 };
const error = { code: 'storage-full', details: {} } as const;

/** What each state says, whether it claims to be ready, and what its button asks for. */
const cases: readonly (readonly [status: OfflineStatus, says: string, event?: string])[] = [
  [{ kind: 'checking' }, 'Checking'],
  [{ kind: 'needs-download', totalBytes: bytes.totalBytes }, '6.2 MB', 'download-start'],
  [{ kind: 'downloading', ...bytes, secondsLeft: 34 }, '2.1 MB of 6.2 MB, about 34 s left', 'download-pause'],
  [{ kind: 'downloading', ...bytes, secondsLeft: 150 }, 'about 3 min left', 'download-pause'],
  [{ kind: 'paused', ...bytes }, 'What has arrived is kept', 'download-start'],
  [{ kind: 'paused', ...bytes, error }, 'There is no room left on this device', 'download-start'],
  [{ kind: 'proving' }, 'Testing that this device computes correctly'],
  [{ kind: 'ready' }, 'Ready to work offline'],
  [{ kind: 'failed', error }, 'Not ready to work offline', 'download-start'],
];

describe('<offline-status>', () => {
  for (const [status, says, event] of cases) {
    it(`${status.kind}: says “${says}”`, async () => {
      const element = await mount<OfflineStatusElement>(
        html`<offline-status .status=${status} online></offline-status>`,
      );
      const text = words(element);
      expect(text).to.contain(says);
      expect(text.includes('Ready to work offline')).to.equal(status.kind === 'ready');
      await expectAccessible(element);
      const buttons = element.shadowRoot?.querySelectorAll('button') ?? [];
      expect(buttons.length).to.equal(event === undefined ? 0 : 1);
      if (event === undefined) return;
      let asked = 0;
      element.addEventListener(event, () => (asked += 1));
      buttons[0]?.click();
      expect(asked).to.equal(1);
    });
  }

  it('says so when the device is offline now', async () => {
    const status = { kind: 'ready' } as const;
    const element = await mount<OfflineStatusElement>(html`<offline-status .status=${status}></offline-status>`);
    element.online = false;
    await element.updateComplete;
    expect(words(element)).to.contain('This device is offline now');
    expect(() => {
      click(button(element, 'Download'));
    }).to.throw();
  });
});
