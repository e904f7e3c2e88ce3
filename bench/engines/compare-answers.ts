/** Logits, one list a picture. */
export type Answers = readonly (readonly number[])[];

/**
 * How far two engines are apart, and how much their answers vary over the pictures: a difference means something beside that
 * only. Any number that is none makes `farthest` one.
 */
export function compareAnswers(found: Answers, expected: Answers): { deviation: number; farthest: number } {
  const outputs = expected[0]?.length ?? 0;
  if (found.length !== expected.length || found.some((logits) => logits.length !== outputs) || outputs === 0) {
    throw new Error(`${found.length} × ${found[0]?.length} answers beside ${expected.length} × ${outputs}`);
  }
  let farthest = 0;
  let variance = 0;
  for (let output = 0; output < outputs; output += 1) {
    const mean = expected.reduce((sum, logits) => sum + logits[output]!, 0) / expected.length;
    expected.forEach((logits, picture) => {
      // `Math.max` keeps a NaN.
      farthest = Math.max(farthest, Math.abs(found[picture]![output]! - logits[output]!));
      variance += (logits[output]! - mean) ** 2 / expected.length / outputs;
    });
  }
  return { deviation: Math.sqrt(variance), farthest };
}
