import type { KernelFlavour } from '../../shared/messages.ts';
import type { WinogradSide } from './pack-filter.ts';
import { kernelNames, type KernelName } from './kernel-tasks.ts';

/** Linear memory in which kernels and tfjs live together, and whoever gives out parts of it. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Address of `bytes` bytes, or 0 where there are none left. */
  allocate(bytes: number): number;
  free(address: number): void;
}

/** Our kernels, ready to run in one linear memory. */
export interface Kernels extends KernelMemory {
  readonly flavour: KernelFlavour;
  /** Most threads that run them together: each has a scratch of its own. */
  readonly threads: number;
  /** Each takes the address of a task (kernel-tasks.ts). */
  readonly run: Readonly<Record<KernelName, (task: number) => void>>;
  readonly pack: FilterPacking;
}

/** All addresses in bytes; columns are multiples of 8 (./assembly/packing.ts). */
export interface FilterPacking {
  /** [depth][columns] → [columns / 8][depth][8] */
  packPanels(from: number, depth: number, columns: number, to: number): void;
  /** [3][3][depth][columns] → [(side + 2)²][columns / 8][depth][8]; `half` is room for 288 bytes. */
  packWinograd(from: number, depth: number, columns: number, side: WinogradSide, half: number, to: number): void;
  /** `count` halves as singles; a multiple of 8. */
  decodeFloat16(from: number, count: number, to: number): void;
}

/** @param module as compiled by tools/build/compile-kernels.mjs in that flavour */
export async function createKernels(
  flavour: KernelFlavour,
  module: WebAssembly.Module,
  home: KernelMemory,
): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: home.memory } });
  const missing = [...kernelNames, 'packPanels', 'packWinograd', 'decodeFloat16'].filter(
    (name) => typeof exports[name] !== 'function',
  );
  if (missing.length > 0) throw new Error(`the kernel module lacks ${missing.join(', ')}`);
  return {
    ...home,
    flavour,
    threads: 1,
    run: exports as unknown as Kernels['run'],
    pack: exports as unknown as FilterPacking,
  };
}
