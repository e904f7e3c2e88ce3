/** What a helper is told, once (../helper-worker.ts). */
export interface HelperOrders {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of what the threads share. */
  readonly crew: number;
  /** From 1; the host's own thread is 0. */
  readonly thread: number;
  /** Of this helper and none before; not 0. */
  readonly badge: number;
}

/** What a helper says when it begins to serve. Anything else it says is why it cannot. */
export const helperReady = 'ready';
