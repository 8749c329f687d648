import { closeSync, fstatSync, ftruncateSync, futimesSync } from 'node:fs';
import { SageError } from '../../errors.ts';
import { journalAfter, lockPath, releasedBytes, type JournalInode, type LockState } from './lock-file.ts';
import { removeFile, removeIfEmpty } from './session-folder.ts';

const renewEveryMs = 10_000;

/**
 * The right to write to one session: the file `lock.<epoch>`, for as long as it is linked. Renewed every 10 s until
 * `release` or `discard`, of which one is called, once.
 */
export class SessionLock {
  readonly epoch: number;
  /** Whether the owner before did not let go by itself. */
  readonly isAfterCrash: boolean;
  /** While it is `shared`, the journal must be copied to a new inode before it is written to. */
  journal: JournalInode;
  readonly #sessionId: string;
  readonly #folder: string;
  readonly #fd: number;
  readonly #renewal: NodeJS.Timeout;

  constructor(
    sessionId: string,
    options: { readonly folder: string; readonly fd: number; readonly before: LockState },
  ) {
    const { folder, fd, before } = options;
    this.#sessionId = sessionId;
    this.#folder = folder;
    this.#fd = fd;
    this.epoch = before.epoch + 1;
    this.isAfterCrash = before.state !== 'free';
    this.journal = journalAfter(before);
    this.#renewal = setInterval(() => renew(fd), renewEveryMs).unref();
  }

  isHeld(): boolean {
    try {
      return fstatSync(this.#fd).nlink > 0;
    } catch {
      // What a network file system says of a file that another host has unlinked.
      return false;
    }
  }

  /**
   * The fence. After a write, it tells that the write came before any takeover; after the journal was opened, that it is not
   * a file that a later owner has put in its place.
   *
   * @throws {SageError} `session-lost`.
   */
  refuseIfLost(): void {
    if (this.isHeld()) return;
    const message = `Session "${this.#sessionId}" was taken over by another owner. Stop: nothing after this is stored.`;
    throw new SageError('session-lost', message, { sessionId: this.#sessionId, epoch: this.epoch });
  }

  /** Lets the session go. The file stays, so that epochs never repeat. */
  release(): void {
    this.#close(() => ftruncateSync(this.#fd, releasedBytes(this.journal)));
  }

  /** Lets go of a session that has no journal, and takes its folder away if nothing else is in it. Only while held. */
  discard(): void {
    this.#close(() => {
      removeFile(lockPath(this.#folder, this.epoch));
      removeIfEmpty(this.#folder);
    });
  }

  #close(letGo: () => void): void {
    clearInterval(this.#renewal);
    try {
      letGo();
    } finally {
      closeSync(this.#fd);
    }
  }
}

function renew(fd: number): void {
  try {
    const now = new Date();
    futimesSync(fd, now, now);
  } catch {
    // A lock that is not renewed expires, and the fence tells.
  }
}
