/** What the processor can do at most: `peakFlops` fused multiply-adds on registers alone. */

import { expose } from 'comlink';
import { preparePeak } from '../fma-peak.ts';
import { timeOf, type ContestantApi } from './contestant.ts';

let multiplyAdds: () => void;

const api: ContestantApi = {
  async load(): Promise<void> {
    const response = await fetch(new URL('fma-peak-relaxed.wasm', self.location.href));
    multiplyAdds = await preparePeak(await WebAssembly.compile(await response.arrayBuffer()));
  },
  run: () => timeOf(multiplyAdds),
  answers: () => [],
  wasmBytes: () => 0,
};

expose(api);
