/** Numbers without a pattern, the same in every run and on every machine. */

export interface RandomNumbers {
  /** 0 ≤ x < 1 */
  uniform(): number;
  /** From 0 to `below` − 1. */
  integer(below: number): number;
  /** Mean 0, deviation 1 (Box and Muller, 1958). */
  normal(): number;
  floats(length: number): Float32Array<ArrayBuffer>;
}

const bits32 = 2 ** 32;

/** xorshift32 (Marsaglia, Journal of Statistical Software 8, 14, 2003). @param seed not 0 */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed | 0;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / bits32;
  };
  // The first numbers of small seeds are small.
  for (let index = 0; index < 16; index += 1) uniform();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal,
    floats: (length) => Float32Array.from({ length }, normal),
  };
}
