import { expect, html } from '@open-wc/testing';
import type { CornerProposals, Corners, PhotoChoice, PhotoImage } from '../../src/shared/analysis.ts';
import '../../src/ui/corner-editor.ts';
import type { CornerEditor } from '../../src/ui/corner-editor.ts';
import { isWhole, moveCorner } from '../../src/ui/corner-places.ts';
import { button, click, expectAccessible, find, findAll, mount, words } from './support.ts';

const [width, height] = [400, 300];

function box(left: number, top: number, right: number, bottom: number): Corners {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const first = box(100, 50, 300, 250);
const second = box(20, 60, 90, 200);
const proposals: CornerProposals = [
  { corners: first, share: 0.8, isWholePicture: false },
  { corners: second, share: 0.2, isWholePicture: false },
];
const photo: PhotoImage = { width, height, rgba: new Uint8ClampedArray(4 * width * height).fill(120) };

async function editor(): Promise<{ readonly element: CornerEditor; readonly placed: PhotoChoice[] }> {
  const placed: PhotoChoice[] = [];
  const element = await mount<CornerEditor>(
    html`<corner-editor
      .photo=${photo}
      .proposals=${proposals}
      @corners-placed=${(event: CustomEvent<PhotoChoice>) => placed.push(event.detail)}
    ></corner-editor>`,
  );
  return { element, placed };
}

const handle = (element: Element, index: number): HTMLElement => findAll<HTMLElement>(element, '.corner')[index]!;

async function press(element: CornerEditor, index: number, key: string, shiftKey = false): Promise<void> {
  handle(element, index).dispatchEvent(
    new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }),
  );
  await element.updateComplete;
}

async function readFilm(element: CornerEditor): Promise<void> {
  click(button(element, 'Read this X-ray'));
  await element.updateComplete;
}

describe('<corner-editor>', () => {
  it('shows what was found, is accessible in both themes, and hands it on as found', async () => {
    const { element, placed } = await editor();
    expect(handle(element, 0).getAttribute('aria-label')).to.equal(
      'Top left corner: 25 % from the left, 17 % from the top',
    );
    await expectAccessible(element);
    await readFilm(element);
    expect(placed).to.deep.equal([{ corners: first, placedBy: 'app', inputKind: 'film' }]);
  });

  it('moves a corner by arrow keys, by buttons and by dragging, and undoes each', async () => {
    const { element, placed } = await editor();
    // 0.2 % of 400 pixels, ten times that with Shift.
    await press(element, 1, 'ArrowRight');
    await press(element, 1, 'ArrowDown', true);
    handle(element, 2).dispatchEvent(new FocusEvent('focus'));
    await element.updateComplete;
    click(find(element, '[aria-label="Move left"]'));
    await element.updateComplete;
    const from = handle(element, 3).getBoundingClientRect();
    const shown = find(element, '.picture canvas').getBoundingClientRect();
    const [clientX, clientY] = [from.x + from.width / 2, from.y + from.height / 2];
    const pointer = { pointerId: 5, bubbles: true, composed: true, button: 0, isPrimary: true };
    handle(element, 3).dispatchEvent(new PointerEvent('pointerdown', { ...pointer, clientX, clientY }));
    window.dispatchEvent(new PointerEvent('pointermove', { ...pointer, clientX: clientX + shown.width / 10, clientY }));
    window.dispatchEvent(new PointerEvent('pointerup', { ...pointer, clientX: clientX + shown.width / 10, clientY }));
    await element.updateComplete;
    await readFilm(element);
    const [corners] = placed.map((choice) => choice.corners);
    expect(placed[0]?.placedBy).to.equal('person');
    expect(corners?.[0]).to.deep.equal(first[0]);
    expect(corners?.[1].x).to.be.closeTo(300.8, 1e-6);
    expect(corners?.[1].y).to.be.closeTo(58, 1e-6);
    expect(corners?.[2].x).to.be.closeTo(299.2, 1e-6);
    expect(corners?.[3].x).to.be.closeTo(140, 0.5);
    for (let step = 0; step < 4; step += 1) {
      click(button(element, 'Undo'));
      await element.updateComplete;
    }
    expect((button(element, 'Undo') as HTMLButtonElement).disabled).to.equal(true);
    await readFilm(element);
    expect(placed[1]).to.deep.equal({ corners: first, placedBy: 'app', inputKind: 'film' });
  });

  it('takes the other film, or the whole picture, and a monitor', async () => {
    const { element, placed } = await editor();
    click(button(element, 'Try another place'));
    await element.updateComplete;
    const monitor = findAll<HTMLInputElement>(element, 'input').find(({ value }) => value === 'monitor');
    monitor?.click();
    await readFilm(element);
    click(button(element, 'Already cropped'));
    await element.updateComplete;
    await readFilm(element);
    expect(placed).to.deep.equal([
      { corners: second, placedBy: 'app', inputKind: 'monitor' },
      { corners: box(0, 0, width, height), placedBy: 'whole-picture', inputKind: 'monitor' },
    ]);
  });

  it('guesses a film or a monitor from what is proposed, says so, and keeps what the person answers', async () => {
    const { element, placed } = await editor();
    const chosen = (): string | undefined =>
      findAll<HTMLInputElement>(element, 'input').find(({ checked }) => checked)?.value;
    expect(words(element)).not.to.contain('Guessed');
    element.proposals = [
      { ...proposals[0], inputKind: 'monitor' },
      { ...proposals[1]!, inputKind: 'film' },
    ];
    await element.updateComplete;
    expect(chosen()).to.equal('monitor');
    expect(words(element)).to.contain('Guessed from the photo: please check.');
    await expectAccessible(element);
    // A corner that is moved is still a corner of what was proposed.
    await press(element, 0, 'ArrowLeft');
    expect(chosen()).to.equal('monitor');
    // Back to what was proposed first, and on to the other.
    for (const expected of ['monitor', 'film']) {
      click(button(element, 'Try another place'));
      await element.updateComplete;
      expect(chosen()).to.equal(expected);
    }
    findAll<HTMLInputElement>(element, 'input')
      .find(({ value }) => value === 'monitor')
      ?.click();
    await element.updateComplete;
    expect(words(element)).not.to.contain('Guessed');
    click(button(element, 'Undo'));
    await element.updateComplete;
    click(button(element, 'Try another place'));
    await element.updateComplete;
    await readFilm(element);
    expect(placed.map(({ inputKind }) => inputKind)).to.deep.equal(['monitor']);
  });

  it('magnifies the corner that has the focus', async () => {
    const { element } = await editor();
    handle(element, 0).focus();
    await element.updateComplete;
    expect(find(element, '.loupe').classList.contains('right')).to.equal(true);
    handle(element, 1).focus();
    await element.updateComplete;
    expect(find(element, '.loupe').classList.contains('left')).to.equal(true);
  });

  it('says when lines cross, and does not read then', async () => {
    const { element, placed } = await editor();
    for (let step = 0; step < 30; step += 1) await press(element, 0, 'ArrowRight', true);
    expect(words(element)).to.contain('The lines cross');
    expect((button(element, 'Read this X-ray') as HTMLButtonElement).disabled).to.equal(true);
    await readFilm(element);
    expect(placed).to.deep.equal([]);
    await expectAccessible(element);
  });

  it('tells that it recognised a photo, with the way back beside it, and only then', async () => {
    const { element } = await editor();
    expect(words(element)).not.to.contain('This seems to be a photo');
    element.recognised = true;
    await element.updateComplete;
    expect(words(element)).to.contain('This seems to be a photo of a film or a monitor.');
    const buttons = [...element.renderRoot.querySelectorAll('.no-photo')];
    expect(buttons.map((found) => found.closest('.recognised') !== null)).to.deep.equal([true]);
    await expectAccessible(element);
  });

  it('says when the picture is no photo', async () => {
    const { element } = await editor();
    let said = 0;
    element.addEventListener('no-photo', () => (said += 1));
    click(button(element, 'It is no photo'));
    expect(said).to.equal(1);
  });
});

describe('moving a corner', () => {
  it('stays near the picture', () => {
    const moved = moveCorner(first, 0, { x: -500, y: 10 }, photo);
    expect(moved[0]).to.deep.equal({ x: -20, y: 10 });
    expect(moved.slice(1)).to.deep.equal(first.slice(1));
    expect(isWhole(box(0, 0, width, height), photo)).to.equal(true);
    expect(isWhole(moved, photo)).to.equal(false);
  });
});
