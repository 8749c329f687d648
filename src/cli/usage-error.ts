/** A command line that cannot be meant: told in one line, with what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
