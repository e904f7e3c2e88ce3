/** @param options `shared`: for a memory that threads share; `entry`: another module with the same needs, relative to the root */
export function compileKernels(options: {
  readonly relaxed: boolean;
  readonly shared?: boolean;
  readonly entry?: string;
}): Promise<Uint8Array<ArrayBuffer>>;
