import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, posix } from 'node:path';
import { SageError, messageOf } from '../../errors.ts';
import type { VolumeMount } from '../sandbox.ts';
import { firstClosedFolder } from './reachable.ts';
import type { User } from './workspace-user.ts';

/** What a mount must not cover: the sandbox would not be one, or not work. */
const reserved = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/dev',
  '/sys',
  '/etc',
  '/run',
];

/**
 * The mounts as bwrap is given them, their host paths free of links.
 *
 * @throws {SageError} `sandbox-unavailable` for one that cannot be given as it was asked for.
 */
export async function checkMounts(
  mounts: readonly VolumeMount[],
  { workspace, user }: { readonly workspace: string; readonly user: User | undefined },
): Promise<readonly VolumeMount[]> {
  return await Promise.all(
    mounts.map(async (mount) => {
      const reason = whyNotThere(mount.mountPath, workspace) ?? (await whyNotThat(mount, user));
      if (reason === undefined) return { ...mount, hostPath: await realpath(mount.hostPath) };
      const message = `The local sandbox is not available: the mount of "${mount.hostPath}" at "${mount.mountPath}" ${reason}.`;
      throw new SageError('sandbox-unavailable', message, { sandboxType: 'local' });
    }),
  );
}

function whyNotThere(mountPath: string, workspace: string): string | undefined {
  if (!isAbsolute(mountPath) || posix.normalize(mountPath) !== mountPath)
    return 'needs an absolute mountPath without "." and ".."';
  if (mountPath === '/' || mountPath === workspace || isBelow(workspace, mountPath)) return 'would cover the workspace';
  const covered = reserved.find((path) => mountPath === path || isBelow(mountPath, path));
  return covered === undefined ? undefined : `would cover "${covered}" of the sandbox. Choose another mountPath`;
}

async function whyNotThat({ hostPath, readOnly }: VolumeMount, user: User | undefined): Promise<string | undefined> {
  if (!isAbsolute(hostPath)) return 'needs an absolute hostPath';
  try {
    const { uid, gid, mode } = await stat(hostPath);
    if (user === undefined) return undefined;
    const closed = await firstClosedFolder(await realpath(hostPath), user);
    if (closed !== undefined) return `cannot be reached by user ${user.uid}: "${closed}" is closed to it`;
    if (readOnly === true) return undefined;
    const mayWrite = uid === user.uid ? mode & 0o200 : gid === user.gid ? mode & 0o020 : mode & 0o002;
    if (mayWrite !== 0) return undefined;
    return `cannot be written by user ${user.uid}, as whom the commands of this workspace run. Give it to that user, or mount it readOnly`;
  } catch (error) {
    return `cannot be made: ${messageOf(error)}`;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
