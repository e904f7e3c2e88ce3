import type { GateVerdict, ReasonCode } from '../../src/shared/analysis.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { Reader } from '../read/reader.ts';
import type { GateSet } from './gate-sets.ts';

export interface GateSample {
  readonly verdict: GateVerdict;
  readonly codes: readonly ReasonCode[];
  /** Distance in feature space. */
  readonly distance: number;
}

/** Reads every picture of a set as the app does; `undefined` stands for one that Node cannot decode. */
export async function measureSet(
  { files }: Pick<GateSet, 'files'>,
  reader: Reader,
  distanceOf: (features: readonly number[]) => number,
): Promise<readonly (GateSample | undefined)[]> {
  const samples: (GateSample | undefined)[] = [];
  for (const file of files) {
    try {
      const { analysis, features } = await reader.read(file);
      const { verdict, reasons } = analysis.gate;
      samples.push({ verdict, codes: reasons.map(({ code }) => code), distance: distanceOf(features) });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      samples.push(undefined);
    }
  }
  return samples;
}

/** Shares of a set, 0..1. */
export interface GateShares {
  readonly count: number;
  readonly refused: number;
  /** Refused or warned of. */
  readonly questioned: number;
}

export function sharesOf(samples: readonly (GateSample | undefined)[]): GateShares {
  const read = samples.filter((sample) => sample !== undefined);
  const share = (holds: (sample: GateSample) => boolean): number =>
    read.filter(holds).length / Math.max(1, read.length);
  return {
    count: read.length,
    refused: share(({ verdict }) => verdict === 'refuse'),
    questioned: share(({ verdict }) => verdict !== 'pass'),
  };
}

/** Every other picture: two halves that should agree, where a set is large enough. */
export function halfOf<T>(samples: readonly T[], half: 'even' | 'odd'): T[] {
  return samples.filter((_, index) => index % 2 === (half === 'even' ? 0 : 1));
}
