/** Bytes a second over the last seconds: a mean over the whole download would believe in a network that is gone. */

const windowMs = 5_000;
/** Shorter spans say more about the operating system's buffers than about the network. */
const shortestMs = 200;
const msPerSecond = 1_000;

interface Sample {
  readonly ms: number;
  readonly bytes: number;
}

export class TransferRate {
  #samples: Sample[] = [];

  /**
   * @param ms a clock that never goes back
   * @param bytes transferred so far
   * @returns bytes a second, 0 until it is known
   */
  at(ms: number, bytes: number): number {
    this.#samples.push({ ms, bytes });
    this.#samples = this.#samples.filter((sample) => ms - sample.ms <= windowMs);
    const oldest = this.#samples[0] ?? { ms, bytes };
    const span = ms - oldest.ms;
    return span < shortestMs ? 0 : ((bytes - oldest.bytes) / span) * msPerSecond;
  }
}
