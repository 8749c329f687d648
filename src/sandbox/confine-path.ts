import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SageError } from '../errors.ts';
import { codeOf, toFileError } from './file-error.ts';

/** As many as Linux follows before it gives up. */
const mostLinks = 40;

/**
 * The real path of what the agent means by `path`: relative to `workspace` or absolute, with every symbolic link
 * followed, dangling ones too. What it names need not exist.
 *
 * `workspace` is absolute and free of links itself. The answer holds at the moment it is given: against a command that
 * swaps links meanwhile only a sandbox that confines the whole process helps.
 *
 * @throws {SageError} `sandbox-error` for a path that leaves the workspace, or that no file can have.
 */
export async function confinePath(workspace: string, path: string): Promise<string> {
  const meant = resolve(workspace, path);
  const real = await followLinks(meant, mostLinks).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  if (isInside(workspace, real)) return real;
  const where = real === meant ? 'is' : `leads to "${real}", which is`;
  throw new SageError(
    'sandbox-error',
    `"${path}" ${where} outside the workspace "${workspace}". Give a path inside it, absolute or relative to it.`,
    { path },
  );
}

async function followLinks(path: string, linksLeft: number): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  // The deepest folder that exists decides, and a dangling link counts as what it points to: writing would create that.
  const parent = await followLinks(dirname(path), linksLeft);
  const here = join(parent, basename(path));
  const target = linksLeft > 0 ? await readlink(here).catch(() => undefined) : undefined;
  return target === undefined ? here : followLinks(resolve(parent, target), linksLeft - 1);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
