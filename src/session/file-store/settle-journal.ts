import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, writeFileSync } from 'node:fs';
import type { SessionLock } from './lock.ts';
import { readBytes, type FileCursor, type JournalRead } from './read-journal.ts';

/**
 * Makes a journal, as its new owner read it, ready to be appended to: a torn tail is moved to `<path>.torn.<epoch>`, and a
 * journal that an earlier owner may still write to is copied to an inode of its own, which is then the cursor's. The new
 * name is durable once the folder has been synced.
 */
export function settleJournal(path: string, read: JournalRead, lock: SessionLock): FileCursor {
  if (read.tail.length > 0) writeFileSync(`${path}.torn.${lock.epoch}`, read.tail);

  const { offset } = read.cursor;
  if (lock.journal === 'own' && read.tail.length === 0) return read.cursor;
  const ino = lock.journal === 'own' ? cut(path, offset, lock) : copy(path, offset, lock);
  lock.journal = 'own';
  return { ...read.cursor, ino, size: offset };
}

function cut(path: string, length: number, lock: SessionLock): number {
  const fd = openSync(path, 'r+');
  try {
    lock.refuseIfLost();
    ftruncateSync(fd, length);
    return fstatSync(fd).ino;
  } finally {
    closeSync(fd);
  }
}

function copy(path: string, length: number, lock: SessionLock): number {
  const temporary = `${path}.${lock.epoch}.tmp`;
  const from = openSync(path, 'r');
  const to = openSync(temporary, 'w');
  try {
    writeFileSync(to, readBytes(from, 0, length));
    fsyncSync(to);
    lock.refuseIfLost();
    renameSync(temporary, path);
    return fstatSync(to).ino;
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
