/** Numbers without a pattern, the same for the same seed in every run and on every machine. */

/** Increment and multipliers of Tommy Ettinger's mulberry32: 32 bits of state, every value once in its period. */
const increment = 0x6d2b79f5;
const range = 2 ** 32;

/** @returns a function that gives the next number, 0 ≤ x < 1 */
export function seededNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + increment) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / range;
  };
}
