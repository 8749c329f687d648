import { SageError, isSageError } from '../errors.ts';

/** What a sandbox said of an absolute path, said of the path as the agent gave it. Anything else stays as it is. */
export function toErrorAsGiven(
  error: unknown,
  { given, absolute }: { readonly given: string; readonly absolute: string },
): unknown {
  if (!isSageError(error, 'sandbox-error') || error.facts.path !== absolute || given === absolute) return error;
  const message = error.message.replaceAll(`"${absolute}"`, () => `"${given}"`);
  return new SageError('sandbox-error', message, { path: given }, { cause: error });
}
