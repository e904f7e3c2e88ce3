/** @param options `entry`: another module with the same needs, relative to the root */
export function compileKernels(options: {
  readonly relaxed: boolean;
  readonly entry?: string;
}): Promise<Uint8Array<ArrayBuffer>>;
