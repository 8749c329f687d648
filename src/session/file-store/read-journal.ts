import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SageError } from '../../errors.ts';
import type { JournalRecord, StoreCursor } from '../session-store.ts';
import { decodeLines, markAt, markBytes } from './record-line.ts';
import { hasCode } from './store-error.ts';

/** How far a journal file has been read. It fits while the same file has the same line ending there. */
export type FileCursor = {
  readonly ino: number;
  readonly offset: number;
  /** The end of the line before `offset`: an inode may be reused. */
  readonly mark: string;
  /** Of the file as it was read, an unfinished line included. */
  readonly size: number;
};

/** Where a journal stands that is not there yet. */
export const startOfNothing: FileCursor = { ino: 0, offset: 0, mark: '', size: 0 };

export interface JournalRead {
  readonly records: readonly JournalRecord[];
  readonly cursor: FileCursor;
  readonly fromStart: boolean;
  /** What follows the last good line: torn, or not yet finished. */
  readonly tail: Buffer;
}

/**
 * Reads the journal file, from `cursor` on if it fits.
 *
 * @returns `undefined` if there is no such file.
 * @throws {SageError} `journal-damaged` with the offset of the bad line.
 */
export function readJournal(path: string, sessionId: string, cursor?: StoreCursor): JournalRead | undefined {
  const fd = openToRead(path);
  if (fd === undefined) return undefined;
  try {
    const { ino, size } = fstatSync(fd);
    const from = fittingOffset(fd, { ino, size }, cursor);
    const bytes = readBytes(fd, Math.max(0, from - markBytes), size);
    const lines = bytes.subarray(Math.min(from, markBytes));
    const { records, goodBytes, damagedAt } = decodeLines(lines);
    if (damagedAt !== undefined) throw damaged(sessionId, from + damagedAt);

    const mark = markAt(bytes, bytes.length - lines.length + goodBytes);
    const next = { ino, offset: from + goodBytes, mark, size: from + lines.length };
    return { records, cursor: next, fromStart: from === 0, tail: lines.subarray(goodBytes) };
  } finally {
    closeSync(fd);
  }
}

function openToRead(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** 0 if the cursor does not fit. */
function fittingOffset(
  fd: number,
  file: { readonly ino: number; readonly size: number },
  cursor?: StoreCursor,
): number {
  if (cursor === undefined || cursor['ino'] !== file.ino) return 0;
  const { offset, mark } = cursor;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < markBytes || offset > file.size) return 0;
  return readBytes(fd, offset - markBytes, offset).toString('latin1') === mark ? offset : 0;
}

/** Less than asked for if the file has become shorter. */
export function readBytes(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(fd, bytes, length, bytes.length - length, from + length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function damaged(sessionId: string, offset: number): SageError {
  const message =
    `The journal of session "${sessionId}" has a bad line at byte ${offset}, before good ones. ` +
    'Nothing was changed; restore the file from a copy.';
  return new SageError('journal-damaged', message, { sessionId, offset });
}
