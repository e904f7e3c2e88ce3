import { expect } from '@open-wc/testing';
import { createStore } from '../../../src/app/store.ts';

describe('store', () => {
  it('replaces the state and tells every listener once', () => {
    const store = createStore({ a: 1, b: 'x' });
    const first = store.state;
    let heard = 0;
    const stop = store.subscribe(() => (heard += 1));
    store.set({ a: 2 });
    expect(store.state).to.deep.equal({ a: 2, b: 'x' });
    expect(first).to.deep.equal({ a: 1, b: 'x' });
    expect(heard).to.equal(1);
    stop();
    store.set({ a: 3 });
    expect(heard).to.equal(1);
  });

  it('says nothing when nothing changed', () => {
    const store = createStore({ a: 1 });
    let heard = 0;
    store.subscribe(() => (heard += 1));
    store.set({ a: 1 });
    expect(heard).to.equal(0);
  });

  it('goes on telling the others when one listener fails', () => {
    const store = createStore({ a: 1 });
    let heard = 0;
    const previous = window.onerror;
    window.onerror = () => true;
    store.subscribe(() => {
      throw new Error('a screen that fails to draw');
    });
    store.subscribe(() => (heard += 1));
    store.set({ a: 2 });
    window.onerror = previous;
    expect(heard).to.equal(1);
    expect(store.state.a).to.equal(2);
  });
});
