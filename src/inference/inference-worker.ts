/** Entry of the inference worker: only wires. */

import { expose, transfer } from 'comlink';
import { buildAssets } from '../shared/build.ts';
import type { InferenceApi, KernelFlavour } from '../shared/messages.ts';
import { createInferenceService } from './inference-service.ts';

const assets = buildAssets();
/** Addresses are relative to the app's root; workers lie one folder below it. */
const absolute = (address: string): string => new URL(`../${address}`, self.location.href).href;

async function loadKernels(flavour: KernelFlavour, shared: boolean): Promise<WebAssembly.Module> {
  const files = {
    relaxed: shared ? assets.kernelsRelaxedShared : assets.kernelsRelaxed,
    plain: shared ? assets.kernelsPlainShared : assets.kernelsPlain,
  };
  const response = await fetch(absolute(files[flavour]));
  // Not compileStreaming: it refuses what a simple server sends without the type application/wasm, and this is 6 KB.
  return WebAssembly.compile(await response.arrayBuffer());
}

const service = createInferenceService({
  wasm: absolute(assets.tfjsWasm),
  wasmSimd: absolute(assets.tfjsWasmSimd),
  helper: absolute(assets.kernelHelper),
  loadKernels,
});

const api: InferenceApi = {
  ...service,
  analyze: async (...asked) => {
    const outcome = await service.analyze(...asked);
    const input = outcome.ok ? outcome.value.input : undefined;
    // What the network saw is handed over: a copy would lie here until it is collected.
    return input === undefined ? outcome : transfer(outcome, [input.buffer]);
  },
};

expose(api);
