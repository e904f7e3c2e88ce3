/** Entry of a helper: another thread at our kernels (kernels/kernel-crew.ts). It is told once, and ended from outside. */

import { helperReady, type HelperOrders } from './kernels/helper-orders.ts';

self.onmessage = ({ data }: MessageEvent<HelperOrders>) => {
  const { module, memory, crew, thread, badge } = data;
  WebAssembly.instantiate(module, { env: { memory } }).then(
    ({ exports }) => {
      self.postMessage(helperReady);
      // Until it is dismissed.
      (exports['serve'] as (crew: number, thread: number, badge: number) => void)(crew, thread, badge);
    },
    (thrown: unknown) => self.postMessage(String(thrown)),
  );
};
