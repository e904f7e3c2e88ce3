/** Some 5 ms: long enough to tell whether a core was shared meanwhile. */
const steps = 3_000_000;
/** Twelve sums of four lanes, a multiplication and an addition each. */
const flopsPerStep = 12 * 4 * 2;

/** Of one call of what `preparePeak` gives. */
export const peakFlops = steps * flopsPerStep;

/** FLOP a millisecond in a GFLOP/s. */
export const flopsPerGigaAndMs = 1e6;

/**
 * The most that a processor can do through WebAssembly: multiply-adds on registers.
 *
 * @param module bench/assembly/fma-peak.ts, compiled in either build
 * @returns does `peakFlops` operations
 */
export async function preparePeak(module: WebAssembly.Module): Promise<() => void> {
  const home = { memory: new WebAssembly.Memory({ initial: 1 }) };
  const { exports } = await WebAssembly.instantiate(module, { env: home });
  const multiplyAdds = exports['multiplyAdds'] as (rounds: number, factor: number) => number;
  return () => void multiplyAdds(steps, 1e-9);
}
