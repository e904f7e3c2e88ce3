/** Luma of ITU-R BT.601 of gamma-encoded red, green and blue, in their own range. */
export function luma601(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
