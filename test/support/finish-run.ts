/** What a run that goes in parts gives in the end. */
export function finishRun<T>(run: Generator<unknown, T, void>): T {
  for (;;) {
    const step = run.next();
    if (step.done === true) return step.value;
  }
}
