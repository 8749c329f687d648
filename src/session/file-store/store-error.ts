import { isSageError, messageOf, SageError } from '../../errors.ts';

/** What a file operation threw, as `store-failed`. A `SageError` stays what it is. */
export function toStoreError(sessionId: string, operation: string, cause: unknown): SageError {
  if (isSageError(cause)) return cause;
  const message = `Session "${sessionId}": the file store failed to ${operation}: ${messageOf(cause)}`;
  return new SageError('store-failed', message, { sessionId, operation }, { cause });
}

/** Runs `work`; whatever it throws is a `SageError`. */
export function asStoreWork<Value>(sessionId: string, operation: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw toStoreError(sessionId, operation, error);
  }
}

/** Whether a file operation failed with one of these codes (`ENOENT`, …). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
