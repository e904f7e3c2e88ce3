import { expect } from '@open-wc/testing';
import { openModels } from './open-models.ts';
import { calibratedPocket, pocket } from './some-models.ts';
import { button, click, eventually, expectAccessible, find, findAll, words } from './support.ts';

function field(element: Element, finding: string): HTMLInputElement {
  return find<HTMLInputElement>(element, `input[data-finding="${finding}"]`);
}

function type(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('change'));
}

describe('<prevalence-table>', () => {
  it('is there only for a model that is calibrated', async () => {
    const { element } = await openModels([pocket]);
    expect(words(element)).not.to.contain('How common findings are here');
    expect(findAll(element, 'prevalence-table')).to.deep.equal([]);
  });

  it('shows the share that the model goes by, with its source', async () => {
    const { element } = await openModels([calibratedPocket]);
    const table = find(element, 'prevalence-table');
    expect(words(table)).to.contain('1.3%');
    expect(words(table)).to.contain('NIH ChestX-ray14, 1,431 of 112,120 images');
    expect(words(table)).to.contain('Nothing is stated');
    expect(field(element, 'Effusion').value).to.equal('');
    await expectAccessible(element);
  });

  it('states a share in percent, at once, and forgets it when the field is emptied', async () => {
    const { app, element } = await openModels([calibratedPocket]);
    type(field(element, 'Effusion'), '2.5');
    await eventually(() => words(find(element, 'prevalence-table')).includes('Stated by you: 1'), 'what is stated');
    expect(app.state.sitePrevalences).to.deep.equal({ Effusion: 0.025 });
    type(field(element, 'Mass'), '10');
    await eventually(() => words(find(element, 'prevalence-table')).includes('Stated by you: 2'), 'both');
    expect(field(element, 'Effusion').value).to.equal('2.5');
    type(field(element, 'Effusion'), '');
    await eventually(() => words(find(element, 'prevalence-table')).includes('Stated by you: 1'), 'one again');
    expect(app.state.sitePrevalences).to.deep.equal({ Mass: 0.1 });
  });

  it('takes no share of nobody or everybody, and says what can be typed', async () => {
    const { app, element } = await openModels([calibratedPocket]);
    type(field(element, 'Effusion'), '2');
    for (const wrong of ['0', '100', '-3', '250']) {
      type(field(element, 'Effusion'), wrong);
      await eventually(() => field(element, 'Effusion').getAttribute('aria-invalid') === 'true', wrong);
      expect(words(element)).to.contain('Type a number from 0.01 to 99.99');
    }
    expect(app.state.sitePrevalences).to.deep.equal({ Effusion: 0.02 });
    await expectAccessible(element);
    type(field(element, 'Effusion'), '3');
    await eventually(() => field(element, 'Effusion').getAttribute('aria-invalid') === 'false', 'it is right now');
    expect(app.state.sitePrevalences).to.deep.equal({ Effusion: 0.03 });
  });

  it('goes back to the model’s shares for all, and keeps what is stated of other models’ findings', async () => {
    const { app, element } = await openModels([calibratedPocket]);
    app.change({ sitePrevalences: { Effusion: 0.2, Fracture: 0.05 } });
    await eventually(() => field(element, 'Effusion').value === '20', 'what is stated');
    click(button(element, 'Use the model’s shares for all'));
    await eventually(() => field(element, 'Effusion').value === '', 'nothing stated');
    expect(app.state.sitePrevalences).to.deep.equal({ Fracture: 0.05 });
  });
});
