import { AppError } from '../../src/shared/app-error.ts';

/** Part `index` of `count`, 1 ≤ index ≤ count. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * @param text `i/n`
 * @throws AppError `wrong-usage`
 */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match === null || index < 1 || index > count) {
    throw new AppError('wrong-usage', { reason: `--shard needs i/n with 1 ≤ i ≤ n, not ${text}` });
  }
  return { index, count };
}

/**
 * Every n-th of the sorted list, so that all shards have a like number of files and folders of large pictures are
 * spread evenly. All shards together are the list, and no file is in two.
 */
export function takeShard<T>(sorted: readonly T[], { index, count }: Shard): T[] {
  return sorted.filter((_, position) => position % count === index - 1);
}
