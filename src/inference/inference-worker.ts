/** Entry of the inference worker: only wires. */

import { expose } from 'comlink';
import { buildAssets } from '../shared/build.ts';
import { createInferenceService } from './inference-service.ts';

const assets = buildAssets();
/** Addresses are relative to the app's root; workers lie one folder below it. */
const absolute = (address: string): string => new URL(`../${address}`, self.location.href).href;

expose(
  createInferenceService({
    wasm: absolute(assets.tfjsWasm),
    wasmSimd: absolute(assets.tfjsWasmSimd),
    wasmThreadedSimd: absolute(assets.tfjsWasmThreadedSimd),
    pthread: absolute(assets.pthread),
  }),
);
