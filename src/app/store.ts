/**
 * The state of the page in one place. A state is never changed, only replaced, so that a listener can compare by
 * identity, and a screen drawn from one state is never half new.
 */
export interface Store<State extends object> {
  readonly state: State;
  /** Replaces the named fields. Listeners hear of it at once, and only when a value really changed. */
  set(change: Partial<State>): void;
  /** Calls `listener` after every change; returns how to stop it. */
  subscribe(listener: () => void): () => void;
}

export function createStore<State extends object>(initial: State): Store<State> {
  let state = initial;
  const listeners = new Set<() => void>();

  return {
    get state() {
      return state;
    },

    set(change) {
      const keys = Object.keys(change) as (keyof State)[];
      if (keys.every((key) => Object.is(change[key], state[key]))) return;
      state = { ...state, ...change };
      for (const listener of [...listeners]) {
        try {
          listener();
        } catch (thrown) {
          // A screen that fails to draw must not stop the work behind it; the browser still reports the error.
          reportError(thrown);
        }
      }
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
