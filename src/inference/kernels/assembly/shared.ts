/** The kernels in a memory that several threads share. */

export * from './index';
export { runTogether, serve } from './crew';
