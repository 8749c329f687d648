import { createHash } from 'node:crypto';
import { chown, lchown, mkdir, open, opendir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureDir } from 'fs-extra/esm';
import { SageError } from '../../errors.ts';
import { codeOf } from '../file-error.ts';

/** Whom the commands of a workspace run as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface WorkspaceUserOptions {
  readonly workspace: string;
  /** Where it is recorded which numbers are taken. */
  readonly root: string;
  /** Whether a workspace of root may be given away to a user of its own. */
  readonly adopt: boolean;
}

/** Beyond those that people and services have, and where a container maps only the first 65,536, below `nobody`. */
const ranges = [
  { first: 700_000, size: 65_536 },
  { first: 50_000, size: 9_000 },
] as const;

/**
 * Makes the workspace if it is missing, and tells whom its commands run as: this process's own user, but for root the owner
 * of the workspace. A workspace that was made here gets a user of its own, one no other workspace under `root` has.
 *
 * @throws {SageError} `sandbox-unavailable` for a workspace of root that may not be given away.
 */
export async function prepareWorkspace(options: WorkspaceUserOptions): Promise<User | undefined> {
  const { workspace, adopt } = options;
  if (process.geteuid?.() !== 0) {
    await ensureDir(workspace);
    return undefined;
  }
  await ensureDir(dirname(workspace));
  const made = await mkdir(workspace).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    },
  );
  const { uid, gid } = await stat(workspace);
  if (uid !== 0) return { uid, gid: gid === 0 ? uid : gid };
  if (made || adopt) return await giveAway(options);
  throw notToBeGivenAway(workspace);
}

/** Makes nothing. @throws {SageError} `sandbox-unavailable` for a workspace `prepareWorkspace` would refuse. */
export async function checkWorkspaceOwner(workspace: string, adopt: boolean): Promise<void> {
  if (process.geteuid?.() !== 0 || adopt) return;
  const found = await stat(workspace).catch(() => undefined);
  if (found?.uid === 0) throw notToBeGivenAway(workspace);
}

function notToBeGivenAway(workspace: string): SageError {
  const message =
    `The local sandbox is not available: the workspace "${workspace}" belongs to root, as whom commands never run. ` +
    'Give it to another user (chown), give a folder that does not exist yet, let sandboxOptions.adoptWorkspace change the ' +
    "owner of everything in it, or use sandboxType 'remote' or 'passthrough'.";
  return new SageError('sandbox-unavailable', message, { sandboxType: 'local' });
}

async function giveAway(options: WorkspaceUserOptions): Promise<User> {
  for (const range of ranges) {
    const uid = await claim(range, options);
    try {
      await chown(options.workspace, uid, uid);
    } catch (error) {
      // A container may not know so high a number.
      if (codeOf(error) === 'EINVAL') continue;
      throw error;
    }
    await chownBelow(options.workspace, uid);
    return { uid, gid: uid };
  }
  const message =
    'This container maps too few user ids for the local sandbox. Run as an ordinary user, or use sandboxType "remote".';
  throw new SageError('sandbox-unavailable', message, { sandboxType: 'local' });
}

/** The number is looked for from a place of the workspace's own, so that thousands of workspaces do not queue up. */
async function claim(
  { first, size }: (typeof ranges)[number],
  { workspace, root }: WorkspaceUserOptions,
): Promise<number> {
  const folder = join(root, '~uids');
  await ensureDir(folder);
  const begin = createHash('sha256').update(workspace).digest().readUInt32BE(0) % size;
  for (let i = 0; i < size; i += 1) {
    const uid = first + ((begin + i) % size);
    if (await record(join(folder, String(uid)), workspace)) return uid;
  }
  const message = `All user ids of the local sandbox are taken. Delete sessions you no longer need, and their records in "${folder}".`;
  throw new SageError('sandbox-unavailable', message, { sandboxType: 'local' });
}

async function record(path: string, workspace: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(workspace);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const holder = await readFile(path, 'utf8');
  if (holder === workspace) return true;
  // Empty: another process is about to write its name.
  if (holder === '' || (await stat(holder).catch(() => undefined)) !== undefined) return false;
  await writeFile(path, workspace);
  return (await readFile(path, 'utf8')) === workspace;
}

/** Links are given away themselves, never what they lead to. */
async function chownBelow(folder: string, uid: number): Promise<void> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    await lchown(path, uid, uid);
    if (entry.isDirectory()) await chownBelow(path, uid);
  }
}
