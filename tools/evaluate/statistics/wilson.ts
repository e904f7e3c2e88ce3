/** Of a normal distribution. */
const z95 = 1.959964;

/**
 * 95 % interval of a proportion (Wilson 1927, without continuity correction). Holds at 0 and at all, where normal intervals are
 * empty.
 *
 * @returns `undefined` of nothing
 */
export function wilsonInterval(hits: number, of: number): readonly [number, number] | undefined {
  if (of === 0) return undefined;
  const share = hits / of;
  const squared = z95 * z95;
  const centre = (share + squared / (2 * of)) / (1 + squared / of);
  const half = (z95 / (1 + squared / of)) * Math.sqrt((share * (1 - share)) / of + squared / (4 * of * of));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
