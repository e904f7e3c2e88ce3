import type { KernelFlavour } from '../../shared/messages.ts';
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
  /** Each takes the address of a task (kernel-tasks.ts). */
  readonly run: Readonly<Record<KernelName, (task: number) => void>>;
}

/** @param module as compiled by tools/build/compile-kernels.mjs in that flavour */
export async function createKernels(
  flavour: KernelFlavour,
  module: WebAssembly.Module,
  home: KernelMemory,
): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: home.memory } });
  const missing = kernelNames.filter((name) => typeof exports[name] !== 'function');
  if (missing.length > 0) throw new Error(`the kernel module lacks ${missing.join(', ')}`);
  return { ...home, flavour, run: exports as unknown as Kernels['run'] };
}
