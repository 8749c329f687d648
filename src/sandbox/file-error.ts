import { SageError, isSageError, messageOf } from '../errors.ts';

/** What the system's error codes mean to whoever asked for the path. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. List its folder to see what is there',
  ENOTDIR: 'is not a folder, or goes through something that is none',
  EEXIST: 'needs a folder where a file stands',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be used: permission denied',
  EPERM: 'may not be used: not permitted',
  EROFS: 'cannot be written: the file system is read-only',
  ENOSPC: 'cannot be written: no space is left',
  EDQUOT: 'cannot be written: the disk quota is used up',
  ELOOP: 'is a symbolic link that leads to itself',
  ENAMETOOLONG: 'has a name that is too long',
};

/** The system's error code (`ENOENT`, …), where there is one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whatever a file operation threw, as the `sandbox-error` an agent can read: with the path as the agent gave it. */
export function toFileError(error: unknown, path: string): SageError {
  if (isSageError(error)) return error;
  const meaning = meanings[codeOf(error) ?? ''] ?? `cannot be used: ${messageOf(error)}`;
  return new SageError('sandbox-error', `"${path}" ${meaning}.`, { path }, { cause: error });
}
