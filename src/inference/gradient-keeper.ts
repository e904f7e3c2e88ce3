import type { PackContents } from '../shared/pack.ts';
import type { GradientNetwork } from './kernels/gradient-network.ts';
import { createKernels, type Kernels } from './kernels/kernels.ts';
import { createHeap } from './kernels/linear-heap.ts';
import { hasRelaxedSimd } from './kernels/relaxed-simd.ts';
import { loadGradient } from './load-gradient.ts';
import type { EnginePaths } from './engine-modes.ts';

/** Three times a network's memory is not kept for a person who reads on. */
const idleMs = 60_000;

/** The input gradient of the findings pack that is loaded: made when it is first asked for, given up when it is idle. */
export interface GradientKeeper {
  /** @param contents asked for only where it is not loaded. @returns `undefined` where there is none here */
  use(contents: () => Promise<PackContents>, output: string): Promise<GradientNetwork | undefined>;
  /** To be called when another pack is loaded. */
  forget(): void;
}

export function createGradientKeeper(loadKernels: EnginePaths['loadKernels'], keepMs: number = idleMs): GradientKeeper {
  let kept: GradientNetwork | undefined;
  let clock: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    clearTimeout(clock);
    kept?.dispose();
    kept = undefined;
  }

  return {
    async use(contents, output) {
      clearTimeout(clock);
      if (kept === undefined) {
        const kernels = await kernelsOfItsOwn(loadKernels);
        if (kernels !== undefined) kept = loadGradient(await contents(), output, kernels);
      }
      clock = setTimeout(forget, keepMs);
      return kept;
    },
    forget,
  };
}

/** They work beside any engine, threads too; only a browser without SIMD has none. */
async function kernelsOfItsOwn(loadKernels: EnginePaths['loadKernels']): Promise<Kernels | undefined> {
  if (loadKernels === undefined || typeof WebAssembly === 'undefined') return undefined;
  const flavour = hasRelaxedSimd() ? 'relaxed' : 'plain';
  try {
    return await createKernels(flavour, await loadKernels(flavour, false), createHeap());
  } catch {
    return undefined;
  }
}
