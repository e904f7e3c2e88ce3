import type { KernelMemory } from './kernels.ts';

const pageBytes = 65_536;
/** Everything begins at a cache line: what two threads write often must not lie in one. */
const alignment = 64;
/** Nothing lies at address 0, which means "none". */
const firstAddress = alignment;
const initialPages = 16;
/**
 * Of a shared one: 512 MiB of addresses, which browsers reserve at once, and of pages only those that are used: a DenseNet-121
 * takes 44 MiB at 224 pixels. At most what the modules state (tools/build/compile-kernels.mjs).
 */
const maxSharedPages = 8192;

interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * A linear memory of our kernels' own, and who has which part of it: a few large parts, one a network. The garbage collector
 * takes it back as a whole.
 *
 * @param shared with other threads
 * @throws RangeError where the browser has no room for it
 */
export function createHeap({ shared = false } = {}): KernelMemory {
  const memory = new WebAssembly.Memory(
    shared ? { initial: initialPages, maximum: maxSharedPages, shared } : { initial: initialPages },
  );
  /** In the order of their addresses. */
  const parts: Part[] = [];

  function firstGap(bytes: number): number {
    let start = firstAddress;
    for (const part of parts) {
      if (start + bytes <= part.start) break;
      start = part.end;
    }
    return start;
  }

  /** Whether the memory reaches as far, grown where it has to be. */
  function reaches(end: number): boolean {
    const missing = Math.ceil((end - memory.buffer.byteLength) / pageBytes);
    if (missing <= 0) return true;
    try {
      memory.grow(missing);
      return true;
    } catch {
      return false;
    }
  }

  return {
    memory,
    allocate: (bytes) => {
      const start = firstGap(bytes);
      const end = start + Math.ceil(bytes / alignment) * alignment;
      if (!reaches(end)) return 0;
      parts.push({ start, end });
      parts.sort((one, other) => one.start - other.start);
      return start;
    },
    free: (address) => {
      const index = parts.findIndex(({ start }) => start === address);
      if (index >= 0) parts.splice(index, 1);
    },
  };
}
