/** Entry of the inference worker: only wires. */

import { expose } from 'comlink';
import { buildAssets } from '../shared/build.ts';
import type { KernelFlavour } from '../shared/messages.ts';
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

expose(
  createInferenceService({
    wasm: absolute(assets.tfjsWasm),
    wasmSimd: absolute(assets.tfjsWasmSimd),
    helper: absolute(assets.kernelHelper),
    loadKernels,
  }),
);
