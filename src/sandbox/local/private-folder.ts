import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../file-error.ts';
import { writeEtc } from './private-etc.ts';
import type { User } from './workspace-user.ts';

/** What a sandbox has besides its workspace, as long as it is open: `tmp`, `home` and `etc`. */
export interface PrivateFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** `sagents-sandbox-`, the process, a random end. */
const namePattern = /^sagents-sandbox-(\d+)-/;

/** Makes it below the system's folder for temporary files, and removes those of processes that died. */
export async function makePrivateFolder(user: User | undefined, network: 'off' | 'on'): Promise<PrivateFolder> {
  await removeOrphans();
  const path = await mkdtemp(join(tmpdir(), `sagents-sandbox-${process.pid}-`));
  const { uid, gid } = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  for (const name of ['tmp', 'home']) {
    await mkdir(join(path, name), { mode: 0o700 });
    if (user !== undefined) await chown(join(path, name), uid, gid);
  }
  await writeEtc(join(path, 'etc'), { uid, gid }, network);
  // The user of the sandbox passes through to its own; to list what is here stays ours.
  await chmod(path, 0o711);
  return { path, remove: () => removeFolder(path) };
}

async function removeOrphans(): Promise<void> {
  const names = await readdir(tmpdir());
  const orphans = names.filter((name) => {
    const pid = Number(namePattern.exec(name)?.[1] ?? Number.NaN);
    return !Number.isNaN(pid) && !isAlive(pid);
  });
  await Promise.all(orphans.map((name) => removeFolder(join(tmpdir(), name))));
}

/** Litter nobody may remove, such as folders a command has locked, is left to the system's own cleaning. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
