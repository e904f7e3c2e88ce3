import { AppError } from '../shared/app-error.ts';
import type { EngineMode, Proof } from '../shared/messages.ts';
import { knownAnswerCount, type Golden, type GoldenInput, type PackContents } from '../shared/pack.ts';
import { testPattern } from '../imaging/test-patterns.ts';
import { sigmoid } from './calibrated-probability.ts';

/** The file of a pack with its known answers. */
const goldenPath = 'golden.json';
const maxByte = 255;

/** A pack's known answers. @throws AppError `pack-invalid` {reason} */
export function readGolden({ files }: PackContents): Golden {
  const bytes = files.get(goldenPath);
  if (bytes === undefined) throw new AppError('pack-invalid', { reason: `${goldenPath} is missing` });
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Golden;
  } catch (thrown) {
    throw new AppError('pack-invalid', { reason: `${goldenPath} is not JSON` }, thrown);
  }
}

/**
 * What the network reads for one known answer: row-major, the pack's size and range.
 * @throws AppError `pack-invalid` {reason}
 */
export function goldenInput(input: GoldenInput, { manifest, files }: PackContents): Float32Array {
  const { width, height, range } = manifest.input;
  const [low, high] = range;
  const values = input.name === 'synthetic-xray' ? pixelsOf(input, files) : testPattern(input.name, width, height);
  if (values.length !== width * height) {
    throw new AppError('pack-invalid', { reason: `${goldenPath}: ${input.name} is not ${width} × ${height}` });
  }
  return values.map((value) => low + value * (high - low));
}

/** A network that can be held against its known answers: see `GoldenInput`. */
export interface KnownAnswerer {
  /** @throws AppError `wrong-output` where an answer is not a number */
  answer(input: Float32Array): ArrayLike<number>;
}

/**
 * Runs the pack's known answers on the engine that runs. A mismatch is a result, not an error; an answer that is no
 * number is a mismatch too.
 *
 * @throws AppError `pack-invalid` where there are no known answers to compare with
 */
export function provePack(network: KnownAnswerer, contents: PackContents, mode: EngineMode): Proof {
  const { inputs, tolerance } = readGolden(contents);
  const count = knownAnswerCount(contents.manifest);
  if (inputs.length === 0 || inputs.some(({ pack }) => pack.length !== count)) {
    throw new AppError('pack-invalid', { reason: `${goldenPath} does not hold all answers` });
  }
  let worstLogit = 0;
  let worstProbability = 0;
  let worstInput = inputs[0]?.name ?? '';
  for (const input of inputs) {
    const answers = answerOrNothing(network, goldenInput(input, contents));
    input.pack.forEach((expected, index) => {
      const found = answers?.[index] ?? NaN;
      const logitError = orInfinity(Math.abs(found - expected));
      if (logitError > worstLogit) {
        worstLogit = logitError;
        worstInput = input.name;
      }
      worstProbability = Math.max(worstProbability, orInfinity(Math.abs(sigmoid(found) - sigmoid(expected))));
    });
  }
  const passed = worstLogit <= tolerance.pack.logit && worstProbability <= tolerance.pack.probability;
  return { passed, mode, worstLogit, worstProbability, worstInput };
}

function answerOrNothing(network: KnownAnswerer, input: Float32Array): ArrayLike<number> | undefined {
  try {
    return network.answer(input);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'wrong-output') return undefined;
    throw thrown;
  }
}

function orInfinity(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}

function pixelsOf(input: GoldenInput, files: PackContents['files']): Float32Array {
  const bytes = files.get(input.file ?? '');
  if (bytes === undefined)
    throw new AppError('pack-invalid', { reason: `${goldenPath}: ${input.file ?? 'a file'} is missing` });
  return Float32Array.from(new Uint8Array(bytes), (byte) => byte / maxByte);
}
