import { posix } from 'node:path';
import { SageError } from '../errors.ts';

/**
 * The one way to write the path of a folder below a workspace: relative, without `.`, `..` and a slash at its end.
 *
 * @throws {SageError} `invalid-argument` for one that is absolute, leaves the workspace, or is the workspace.
 */
export function toFolderPath(folder: string): string {
  const path = posix.normalize(folder).replace(/\/$/, '');
  const leaves = path === '.' || path === '..' || path.startsWith('../') || posix.isAbsolute(folder);
  if (!leaves && !path.includes('\0')) return path;
  const allowed = 'a relative path that leads below the workspace';
  throw new SageError('invalid-argument', `The folder "${folder}" cannot be used. Allowed: ${allowed}.`, {
    option: 'folder',
    given: folder,
    allowed,
  });
}
