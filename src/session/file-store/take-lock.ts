import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SageError } from '../../errors.ts';
import {
  epochOf,
  epochsAmong,
  journalAfter,
  lockPath,
  namesIn,
  readLock,
  toLockText,
  type LockState,
} from './lock-file.ts';
import { SessionLock } from './lock.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { makeFolder, removeFile, removeIfEmpty } from './session-folder.ts';
import { hasCode } from './store-error.ts';

/**
 * Takes the session's lock. The journal may be read only after this.
 *
 * @returns `undefined` if there is no folder and `create` is false.
 * @throws {SageError} `session-busy`, naming the owner.
 */
export function takeLock(
  folder: string,
  options: { readonly sessionId: string; readonly create: boolean; readonly self: ProcessIdentity },
): SessionLock | undefined {
  for (;;) {
    if (options.create) makeFolder(folder);
    else if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;

    const before = readLock(folder, options.self);
    if (before.state === 'live') throw busy(options.sessionId, before.owner);
    const lock = tryToTake(folder, before, options);
    if (lock !== undefined) return lock;
  }
}

function busy(sessionId: string, owner: string): SageError {
  const message = `Session "${sessionId}" is held by ${owner}. Wait until its run has ended, or interrupt it.`;
  return new SageError('session-busy', message, { sessionId, owner });
}

/** `undefined` when somebody else was faster. */
function tryToTake(
  folder: string,
  before: LockState,
  { sessionId, self }: { readonly sessionId: string; readonly self: ProcessIdentity },
): SessionLock | undefined {
  const epoch = before.epoch + 1;
  const fd = linkLock(folder, epoch, toLockText(journalAfter(before), self));
  if (fd === undefined) return undefined;

  let isOurs = false;
  let names: readonly string[] = [];
  try {
    names = namesIn(folder);
    isOurs = isNextAfter(before, names, { folder, self });
  } finally {
    if (!isOurs) {
      closeSync(fd);
      removeFile(lockPath(folder, epoch));
    }
  }
  if (!isOurs) return undefined;

  const lock = new SessionLock(sessionId, { folder, fd, before });
  try {
    sweep(folder, names, epoch);
  } catch (error) {
    lock.release();
    throw error;
  }
  return lock;
}

/** Takes away the older locks, which fences their owners, and what others wrote in order to be renamed or linked. */
function sweep(folder: string, names: readonly string[], epoch: number): void {
  for (const name of names) {
    const isOlder = epochOf(name) > 0 && epochOf(name) < epoch;
    if (isOlder || name.endsWith('.tmp')) removeFile(join(folder, name));
  }
}

/**
 * Whether the lock just linked follows the one that was found free. Since that was read, others may have passed it, or
 * deleted the session and begun it anew, with epochs from 1. Once ours is linked and the highest, nobody else can.
 */
function isNextAfter(
  before: LockState,
  names: readonly string[],
  { folder, self }: { readonly folder: string; readonly self: ProcessIdentity },
): boolean {
  const epoch = before.epoch + 1;
  const [highest, next] = epochsAmong(names);
  if (highest !== epoch) return false;
  if (next === undefined) return before.epoch === 0;
  const now = readLock(folder, self, { below: epoch });
  return now.epoch === before.epoch && now.state === before.state && now.journal === before.journal;
}

/** Appears whole or not at all: written under another name, then linked. `undefined` when the epoch is taken. */
function linkLock(folder: string, epoch: number, text: string): number | undefined {
  const temporary = join(folder, `lock.${randomUUID()}.tmp`);
  let fd: number | undefined;
  try {
    fd = openSync(temporary, 'wx');
    writeFileSync(fd, text);
    linkSync(temporary, lockPath(folder, epoch));
    removeFile(temporary);
    return fd;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    removeFile(temporary);
    // ENOENT: the winner swept the temporary file away, or the folder has been deleted.
    if (hasCode(error, 'EEXIST', 'ENOENT')) return undefined;
    removeIfEmpty(folder);
    throw error;
  }
}
