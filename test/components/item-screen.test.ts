import { expect, html } from '@open-wc/testing';
import { workSteps } from '../../src/ui/stage-text.ts';
import type { WorkStage } from '../../src/app/app-model.ts';
import type { ItemScreen } from '../../src/ui/item-screen.ts';
import { FakeApp, someItem } from './fake-app.ts';
import { button, click, expectAccessible, find, findAll, mount, words } from './support.ts';

const error = { code: 'image-truncated', details: { format: 'jpeg' } } as const;

async function screen(app: FakeApp): Promise<ItemScreen> {
  return mount<ItemScreen>(html`<item-screen .app=${app} .item=${app.state.queue[0]}></item-screen>`);
}

describe('<item-screen>', () => {
  it('cancels by button and by Escape', async () => {
    const app = new FakeApp({ queue: [someItem({ kind: 'working', stage: 'decoding' })] });
    const element = await screen(app);
    click(button(element, 'Cancel'));
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(app.called('cancel').map((call) => call.values)).to.deep.equal([['first'], ['first']]);
    element.remove();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(app.called('cancel').length).to.equal(2);
  });

  it('leaves Escape alone when nothing runs', async () => {
    const app = new FakeApp({ queue: [someItem({ kind: 'failed', error })] });
    await screen(app);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(app.called('cancel')).to.deep.equal([]);
  });

  const stages: readonly (readonly [WorkStage, number])[] = [
    ['queued', -1],
    ['hashing', 0],
    ['proving', 1],
    ['gate', 2],
    ['findings', 3],
    ['maps', 4],
  ];
  for (const [stage, step] of stages) {
    it(`shows the stage ${stage}`, async () => {
      const element = await screen(new FakeApp({ queue: [someItem({ kind: 'working', stage })] }));
      const rows = findAll(element, 'progress-steps li, li');
      expect(rows.length).to.equal(workSteps.length);
      expect(rows.findIndex((row) => row.getAttribute('aria-current') === 'step')).to.equal(step);
      await expectAccessible(element);
    });
  }

  it('tells what failed and what to do, and tries again', async () => {
    const app = new FakeApp({ queue: [someItem({ kind: 'failed', error })] });
    const element = await screen(app);
    expect(words(element)).to.contain('The end of this picture is missing.');
    expect(words(element)).to.contain('copy it again');
    expect(words(find(element, '.small'))).to.contain('image-truncated · format=jpeg');
    click(button(element, 'Try again'));
    expect(app.called('retry')[0]?.values).to.deep.equal(['first']);
  });
});
