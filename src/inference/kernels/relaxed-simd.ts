/**
 * A module whose one function is `f32x4.relaxed_madd` of three vectors: it is valid where the browser has relaxed SIMD
 * (WebAssembly 3.0, relaxed vector instructions). Written out because an engine's version says nothing about its flags.
 */
// prettier-ignore
const probe = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // one type: nothing to v128
  0x03, 0x02, 0x01, 0x00, // one function of that type
  0x0a, 0x13, 0x01, 0x11, 0x00, // its code, no locals
  0x41, 0x01, 0xfd, 0x0f, 0x41, 0x01, 0xfd, 0x0f, 0x41, 0x01, 0xfd, 0x0f, // three times i8x16.splat(1)
  0xfd, 0x85, 0x02, 0x0b, // f32x4.relaxed_madd, end
);

/** Whether this engine can run the relaxed build of the kernels. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(probe);
}
