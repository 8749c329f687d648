import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { User } from './workspace-user.ts';

/** The folder on the way to `path` through which `user` may not pass, if there is one. */
export async function firstClosedFolder(path: string, { uid, gid }: User): Promise<string | undefined> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = await stat(folder);
    const mayPass =
      stats.uid === uid ? stats.mode & 0o100 : stats.gid === gid ? stats.mode & 0o010 : stats.mode & 0o001;
    if (mayPass === 0) return folder;
    if (folder === '/') return undefined;
  }
}
