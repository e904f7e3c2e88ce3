/** Seeded damage to files: the same seed gives the same bytes on every machine. */

export type Random = () => number;

/** Mulberry32: 32 bits of state, good enough to choose bytes. @returns numbers in [0, 1) */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** What files carry where a reader expects something small. */
const oddWords: readonly number[] = [
  0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0xfffe_e000, 0xe000_fffe,
];

type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
    return bytes;
  },
  (bytes, random) => {
    bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  (bytes, random) => {
    const view = new DataView(bytes.buffer);
    if (bytes.length >= 4)
      view.setUint32(below(random, bytes.length - 3), oddWords[below(random, oddWords.length)]!, random() < 0.5);
    return bytes;
  },
  (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  (bytes, random) => {
    // A part twice: elements out of order, sequences within themselves.
    const from = below(random, bytes.length);
    const part = bytes.slice(from, from + below(random, 200));
    const at = below(random, bytes.length);
    const whole = new Uint8Array(bytes.length + part.length);
    whole.set(bytes.subarray(0, at));
    whole.set(part, at);
    whole.set(bytes.subarray(at), at + part.length);
    return whole;
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    const length = below(random, 100);
    const whole = new Uint8Array(Math.max(0, bytes.length - length));
    whole.set(bytes.subarray(0, Math.min(from, whole.length)));
    whole.set(
      bytes.subarray(Math.min(bytes.length, from + length)).subarray(0, Math.max(0, whole.length - from)),
      Math.min(from, whole.length),
    );
    return whole;
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    bytes.fill(random() < 0.5 ? 0 : 0xff, from, from + below(random, 64));
    return bytes;
  },
];

/** One to six damages, one after another. */
export function mutate(original: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(original);
  const times = 1 + below(random, 6);
  for (let time = 0; time < times && bytes.length > 0; time += 1) {
    bytes = mutations[below(random, mutations.length)]!(bytes, random);
  }
  return bytes;
}
