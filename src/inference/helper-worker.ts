/** Entry of a helper: another thread at our kernels (kernels/kernel-crew.ts). It is told once, and ended from outside. */

import { helperReady, type HelperOrders } from './kernels/helper-orders.ts';

self.onmessage = ({ data }: MessageEvent<HelperOrders>) => {
  const { module, memory, crew, thread } = data;
  WebAssembly.instantiate(module, { env: { memory } }).then(
    ({ exports }) => {
      self.postMessage(helperReady);
      // Does not return.
      (exports['serve'] as (crew: number, thread: number) => void)(crew, thread);
    },
    (thrown: unknown) => self.postMessage(String(thrown)),
  );
};
