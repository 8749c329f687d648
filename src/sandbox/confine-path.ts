import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SageError } from '../errors.ts';
import { codeOf, toFileError } from './file-error.ts';
import type { Roots } from './roots.ts';

/** As many as Linux follows before it gives up. */
const mostLinks = 40;

/**
 * The real path of what the agent means by `path`: relative to the workspace or absolute, with every symbolic link
 * followed, dangling ones too. What it names need not exist.
 *
 * The answer holds at the moment it is given: against a command that swaps links meanwhile only a sandbox that confines
 * the whole process helps.
 *
 * @throws {SageError} `sandbox-error` for a path that leaves the roots, or that no file can have.
 */
export async function confinePath(roots: Roots, path: string): Promise<string> {
  const meant = resolve(roots[0].path, path);
  const real = await followLinks(meant, mostLinks).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  return checkInside(roots, real, { path, meant });
}

/** The same for a name itself: where it is a link, the link and not what it leads to. Roots themselves are refused. */
export async function confineName(roots: Roots, path: string): Promise<string> {
  const meant = resolve(roots[0].path, path);
  const folder = await followLinks(dirname(meant), mostLinks).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  const real = checkInside(roots, join(folder, basename(meant)), { path, meant });
  // A root within a root is a mount: its name belongs to whoever mounted it.
  if (!roots.some((root) => isInside(real, root.real) || isInside(meant, root.path))) return real;
  const message = `"${path}" is, or holds, the workspace or a mount, which stay where they are. Give something below it.`;
  throw new SageError('sandbox-error', message, { path });
}

function checkInside(roots: Roots, real: string, { path, meant }: { path: string; meant: string }): string {
  if (roots.some((root) => isInside(root.real, real))) return real;
  const where = real === meant ? 'is' : `leads to "${real}", which is`;
  const [workspace, ...mounts] = roots.map((root) => `"${root.path}"`);
  const known = mounts.length === 0 ? '' : ` and the mounts ${mounts.join(', ')}`;
  const message = `"${path}" ${where} outside the workspace ${workspace}${known}. Give a path inside, absolute or relative to the workspace.`;
  throw new SageError('sandbox-error', message, { path });
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

/** Whether `path` is `folder` or below it. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
