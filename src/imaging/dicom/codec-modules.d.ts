/** Emscripten modules without types of their own; `wasm-codecs.ts` says what of them is used. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const start: unknown;
  export default start;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const start: unknown;
  export default start;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const start: unknown;
  export default start;
}
