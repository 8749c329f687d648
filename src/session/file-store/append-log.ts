import { closeSync, fdatasync, fstatSync, fsync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { SageError } from '../../errors.ts';
import type { SessionLock } from './lock.ts';
import type { FileCursor } from './read-journal.ts';
import { markAt } from './record-line.ts';
import { toStoreError } from './store-error.ts';

/** The calls a journal's safety rests on; a test may hand in faulty ones. */
export interface LogFiles {
  /** May write less than `length`, and says how much. */
  readonly writeSync: (fd: number, bytes: Buffer, offset: number, length: number) => number;
  readonly ftruncateSync: (fd: number, length: number) => void;
  readonly fdatasync: (fd: number) => Promise<void>;
}

export const nodeFiles: LogFiles = { writeSync, ftruncateSync, fdatasync: promisify(fdatasync) };

/**
 * The end of a session's journal file, where its owner appends. The file is made by the first `append`. After a failure
 * every call throws that same failure.
 */
export class AppendLog {
  readonly #sessionId: string;
  readonly #path: string;
  readonly #lock: SessionLock;
  readonly #files: LogFiles;
  #fd: number | undefined;
  #ino: number;
  #length: number;
  #mark: string;
  /** What was appended last, whose mark is only made when it is asked for. */
  #lastLine: Buffer | undefined;
  #syncName: (() => Promise<unknown>) | undefined;
  #failure: SageError | undefined;

  constructor(
    sessionId: string,
    options: {
      readonly path: string;
      readonly end: FileCursor;
      /** For a journal whose name may not be durable yet: makes it so, at the first sync. */
      readonly syncName: (() => Promise<unknown>) | undefined;
      readonly lock: SessionLock;
      readonly files: LogFiles;
    },
  ) {
    this.#sessionId = sessionId;
    this.#path = options.path;
    this.#lock = options.lock;
    this.#files = options.files;
    this.#ino = options.end.ino;
    this.#length = options.end.offset;
    this.#mark = options.end.mark;
    this.#syncName = options.syncName;
  }

  /** Stores the line whole or not at all. @throws {SageError} `store-failed`, `session-lost`. */
  append(line: Buffer): void {
    this.#refuseAfterFailure();
    try {
      this.#write(this.#open(), line);
      this.#lock.refuseIfLost();
    } catch (error) {
      throw this.#fail(toStoreError(this.#sessionId, 'append', error));
    }
    this.#length += line.length;
    this.#lastLine = line;
  }

  /** A sync that fails is never tried again: the kernel may have dropped what it could not write. */
  async sync(): Promise<void> {
    this.#refuseAfterFailure();
    if (this.#length === 0) return;
    const syncName = this.#syncName;
    this.#syncName = undefined;
    try {
      await Promise.all([this.#files.fdatasync(this.#open()), syncName?.()]);
    } catch (error) {
      throw this.#fail(toStoreError(this.#sessionId, 'sync', error));
    }
  }

  /** Whether the journal's name, and not only its content, still waits for a sync. */
  get hasNewName(): boolean {
    return this.#length > 0 && this.#failure === undefined && this.#syncName !== undefined;
  }

  cursor(): FileCursor {
    if (this.#lastLine !== undefined) this.#mark = markAt(this.#lastLine, this.#lastLine.length);
    return { ino: this.#ino, offset: this.#length, mark: this.#mark, size: this.#length };
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd;
    this.#fd = openSync(this.#path, 'a');
    this.#ino = fstatSync(this.#fd).ino;
    this.#lock.refuseIfLost();
    return this.#fd;
  }

  #write(fd: number, line: Buffer): void {
    try {
      for (let done = 0; done < line.length;) {
        const written = this.#files.writeSync(fd, line, done, line.length - done);
        if (written === 0) throw new Error('nothing was written');
        done += written;
      }
    } catch (error) {
      this.#takeBack(fd);
      throw error;
    }
  }

  /** If this fails too, the next owner finds a torn tail. */
  #takeBack(fd: number): void {
    try {
      this.#files.ftruncateSync(fd, this.#length);
    } catch {
      // The failed write is what is reported.
    }
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #fail(error: SageError): SageError {
    this.#failure ??= error;
    return this.#failure;
  }
}

const fsyncAsync = promisify(fsync);

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await fsyncAsync(fd);
  } finally {
    closeSync(fd);
  }
}
