import type { KernelMemory } from './kernels.ts';

const pageBytes = 65_536;

/**
 * Linear memory for one network, which the garbage collector takes back as a whole: tfjs's never shrinks. It is used by our
 * kernels alone, whatever engine runs beside them.
 */
export function privateMemory(): KernelMemory {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return {
    memory,
    allocate: (bytes) => {
      const address = memory.buffer.byteLength;
      try {
        memory.grow(Math.ceil(bytes / pageBytes));
        return address;
      } catch {
        // A RangeError: there is no such room.
        return 0;
      }
    },
    free: () => undefined,
  };
}
