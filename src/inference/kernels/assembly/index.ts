/**
 * Kernels that work in place in the memory of tfjs's WebAssembly module. Each takes the address of a task: what to read,
 * how to walk it and where to write, laid out once when a network is loaded (../kernel-tasks.ts). The rest decodes and packs filters.
 * This folder is AssemblyScript, compiled by tools/build/compile-kernels.mjs.
 */

export { convolve } from './convolve';
export { convolveWinograd } from './winograd';
export { decodeFloat16, packPanels, packWinograd } from './packing';
export { depthwise } from './depthwise';
export { gatedProduct } from './gated-product';
export { averagePool, maxPool } from './pooling';
export { add, affine, clearBorder } from './pointwise';
export { resize } from './resize';
export { spread, spreadDepthwise, spreadMax, unfold } from './spreading';
