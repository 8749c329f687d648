import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SageError } from '../../errors.ts';
import { hasCode } from './store-error.ts';

/** Where a session lives. @throws {SageError} `invalid-argument` for an id that would be another place than a child of `root`. */
export function sessionFolder(root: string, sessionId: string): string {
  if (/^\.{0,2}$|[/\\\0]/.test(sessionId)) {
    const allowed = 'a name without "/", "\\" and NUL, other than "", "." and ".."';
    const message = `Session id ${JSON.stringify(sessionId)} cannot name a folder. Allowed: ${allowed}.`;
    throw new SageError('invalid-argument', message, { option: 'sessionId', given: sessionId, allowed });
  }
  return join(root, sessionId);
}

export function journalPath(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** Not in one recursive call: that one fails when another writer takes the folder away meanwhile. */
export function makeFolder(folder: string): void {
  for (;;) {
    try {
      mkdirSync(folder);
      return;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return;
      if (!hasCode(error, 'ENOENT')) throw error;
      mkdirSync(dirname(folder), { recursive: true });
    }
  }
}

/** Takes a name away, if it is there. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR')) throw error;
  }
}
