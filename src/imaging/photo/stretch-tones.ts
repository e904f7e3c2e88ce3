/** Shares of pixels that may end up black, and white: a label or a lamp must not decide what is white. */
const ends = { black: 0.005, white: 0.99 };
const bins = 1024;
/** Lamps mirrored in the film, at the end of the camera's range, are not counted where they are few. */
const clipped = 0.985;
const fewClipped = 0.15;
/** A flatter picture is stretched as if it were this flat: grain is not to become a chest. */
const leastRange = 0.1;

/**
 * Spreads the tones linearly between two percentiles to 0..1, as digital X-rays come: a film's clear parts are white and
 * its air black, whatever the light box and the exposure made of them.
 *
 * @param values 0..1; not changed
 */
export function stretchTones(values: Float32Array): Float32Array<ArrayBuffer> {
  const counts = new Uint32Array(bins);
  let bright = 0;
  for (const value of values) {
    if (value >= clipped) bright += 1;
    const bin = Math.min(bins - 1, Math.floor(value * bins));
    counts[bin] = counts[bin]! + 1;
  }
  const ignored = bright / values.length < fewClipped ? bright : 0;
  const low = percentile(counts, ends.black * values.length);
  const high = percentile(counts, ends.white * (values.length - ignored));
  const range = Math.max(leastRange, high - low);
  const stretched = new Float32Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = (values[index]! - low) / range;
    stretched[index] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
  return stretched;
}

/** The value below which `count` pixels lie, to a bin. */
function percentile(counts: Uint32Array, count: number): number {
  let bin = 0;
  for (let below = counts[0]!; below < count && bin + 1 < bins; below += counts[bin]!) bin += 1;
  return bin / bins;
}
