import { AppError } from '../../src/shared/app-error.ts';

/** The `AppError` that `promise` is rejected with; a promise that keeps its word, or another error, fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}
