import { expect } from '@open-wc/testing';
import { cameraAtHand } from '../../../src/app/camera-at-hand.ts';

/** Gives `navigator` other parts until the test is over. */
function equip(parts: { readonly mediaDevices?: unknown; readonly permissions?: unknown }): void {
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(navigator, name, { configurable: true, value });
  }
}

const listing = (...kinds: readonly string[]): object => ({
  enumerateDevices: () => Promise.resolve(kinds.map((kind) => ({ kind }))),
});
const permission = (state: string): object => ({ query: () => Promise.resolve({ state }) });

describe('cameraAtHand', () => {
  afterEach(() => {
    for (const name of ['mediaDevices', 'permissions']) Reflect.deleteProperty(navigator, name);
  });

  it('is true where a camera is listed and was not refused', async () => {
    equip({ mediaDevices: listing('audioinput', 'videoinput'), permissions: permission('prompt') });
    expect(await cameraAtHand()).to.equal(true);
    equip({ permissions: permission('granted') });
    expect(await cameraAtHand()).to.equal(true);
  });

  it('is false where none is listed, it was refused before, or the page may not even ask', async () => {
    equip({ mediaDevices: listing('audioinput'), permissions: permission('granted') });
    expect(await cameraAtHand()).to.equal(false);
    equip({ mediaDevices: listing('videoinput'), permissions: permission('denied') });
    expect(await cameraAtHand()).to.equal(false);
    equip({ mediaDevices: undefined });
    expect(await cameraAtHand()).to.equal(false);
  });

  it('is true where the browser does not tell: opening it will', async () => {
    const mediaDevices = listing('videoinput');
    equip({ mediaDevices, permissions: { query: () => Promise.reject(new TypeError('camera')) } });
    expect(await cameraAtHand()).to.equal(true);
    equip({ permissions: undefined });
    expect(await cameraAtHand()).to.equal(true);
  });
});
