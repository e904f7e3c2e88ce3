/**
 * Tells other tabs of this app that something runs, or lies here unsaved, by a shared Web Lock that is held meanwhile.
 * The browser lets go of it by itself when a tab dies, so nothing is ever left behind.
 */
export interface WorkLock {
  update(hasWork: boolean): void;
  /** Whether another tab has work. */
  othersHaveWork(): Promise<boolean>;
}

export function createWorkLock(root: string = new URL('./', document.baseURI).href): WorkLock {
  const name = `chester:work:${root}`;
  let release: (() => void) | undefined;

  return {
    update(hasWork) {
      if (!('locks' in navigator) || hasWork === (release !== undefined)) return;
      if (!hasWork) {
        release?.();
        release = undefined;
        return;
      }
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      // Rejected only where locks are forbidden; then other tabs are simply not asked about.
      navigator.locks.request(name, { mode: 'shared' }, () => held).catch(() => undefined);
    },

    async othersHaveWork() {
      if (!('locks' in navigator)) return false;
      const { held = [] } = await navigator.locks.query();
      const all = held.filter((lock) => lock.name === name).length;
      return all > (release === undefined ? 0 : 1);
    },
  };
}
