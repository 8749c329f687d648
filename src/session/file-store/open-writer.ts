import { statSync } from 'node:fs';
import { SageError } from '../../errors.ts';
import type { StoreCursor } from '../session-store.ts';
import { AppendLog, syncFolder, type LogFiles } from './append-log.ts';
import { addChildFiles } from './child-file.ts';
import { FileWriter } from './file-writer.ts';
import type { SessionLock } from './lock.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { readJournal, startOfNothing, type JournalRead } from './read-journal.ts';
import { journalPath, removeFile } from './session-folder.ts';
import { settleJournal } from './settle-journal.ts';
import type { SyncQueue } from './sync-queue.ts';
import { takeLock } from './take-lock.ts';

/** What the writers of one store have in common. */
export interface WriterDeps {
  readonly self: ProcessIdentity;
  readonly files: LogFiles;
  readonly syncQueue: SyncQueue;
  /** Makes the names of new sessions durable. */
  readonly syncRoot: () => Promise<void>;
  readonly onAppend: (sessionId: string) => void;
  readonly onClose: (sessionId: string, epoch: number) => void;
}

const nothingYet: JournalRead = { records: [], cursor: startOfNothing, fromStart: true, tail: Buffer.alloc(0) };

/** Lock, read, settle, in this order and in one synchronous act. What fails on the way gives the lock back. */
export function openWriter(
  sessionId: string,
  options: { readonly folder: string; readonly create: boolean; readonly cursor: StoreCursor | undefined },
  { self, files, syncQueue, syncRoot, onAppend, onClose }: WriterDeps,
): FileWriter {
  const { folder, create } = options;
  const lock = takeLock(folder, { sessionId, create, self });
  if (lock === undefined) throw notFound(sessionId);
  try {
    const path = journalPath(folder);
    const found = readJournal(path, sessionId, options.cursor);
    if (found === undefined && !create) throw notFound(sessionId);

    const read = found ?? nothingYet;
    const end = found === undefined ? startOfNothing : settleJournal(path, found, lock);
    const isNewFile = end.ino === 0 || end.ino !== read.cursor.ino;
    const hasNewName = isNewFile || lock.isAfterCrash;
    const syncName = hasNewName ? () => Promise.all([syncFolder(folder), syncRoot()]) : undefined;
    const log = new AppendLog(sessionId, { path, end, syncName, lock, files });
    return new FileWriter(sessionId, {
      epoch: lock.epoch,
      stored: { records: read.records, cursor: end, fromStart: read.fromStart },
      log,
      syncs: syncQueue.forLog(() => log.sync()),
      onAppend: () => onAppend(sessionId),
      addChildren: async (ids) => {
        lock.refuseIfLost();
        if (await addChildFiles(folder, ids)) await syncRoot();
      },
      onClose: () => {
        try {
          letGo(lock, folder);
        } finally {
          onClose(sessionId, lock.epoch);
        }
      },
    });
  } catch (error) {
    letGo(lock, folder);
    throw error;
  }
}

/** Gives the lock back. A session without a single record leaves nothing behind. */
export function letGo(lock: SessionLock, folder: string): void {
  const path = journalPath(folder);
  const hasRecords = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (hasRecords || !lock.isHeld()) {
    lock.release();
    return;
  }
  removeFile(path);
  lock.discard();
}

function notFound(sessionId: string): SageError {
  const message = `Session "${sessionId}" does not exist. Check its id, or open it to be created.`;
  return new SageError('session-not-found', message, { sessionId });
}
