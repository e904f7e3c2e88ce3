import { expect } from '@open-wc/testing';
import { html } from 'lit';
import '../../src/ui/xray-view.ts';
import type { XrayView } from '../../src/ui/xray-view.ts';
import { mount } from './support.ts';

const display = { width: 4, height: 2, data: Uint8Array.from([0, 50, 100, 150, 200, 250, 255, 7]) };
const place = { imageWidth: 4, imageHeight: 2, field: { x: 0, y: 0, width: 4, height: 2 } };

function base(view: XrayView): HTMLCanvasElement {
  return view.renderRoot.querySelector<HTMLCanvasElement>('canvas.base')!;
}

/** Red values of the drawn picture; it is grey. */
function greys(canvas: HTMLCanvasElement): number[] {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel]!);
}

describe('<xray-view>', () => {
  it('draws the picture at its own size', async () => {
    const view = await mount<XrayView>(html`<xray-view .display=${display} .place=${place}></xray-view>`);
    expect(base(view).width).to.equal(4);
    expect(greys(base(view))).to.deep.equal([...display.data]);
  });

  it('gives its pixels back when it is taken off, and draws them anew when it is put back', async () => {
    const view = await mount<XrayView>(html`<xray-view .display=${display} .place=${place}></xray-view>`);
    const parent = view.parentElement!;
    view.remove();
    for (const canvas of view.renderRoot.querySelectorAll('canvas')) expect(canvas.width * canvas.height).to.equal(1);
    parent.append(view);
    await view.updateComplete;
    expect(greys(base(view))).to.deep.equal([...display.data]);
  });
});
