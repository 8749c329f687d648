import type { StoreCursor } from '../session-store.ts';
import type { LockState } from './lock-file.ts';
import type { FileCursor } from './read-journal.ts';

const lookEveryMs = 100;

type JournalLook = Pick<FileCursor, 'ino' | 'size'>;

/** How the folder of a session looks from outside. */
export interface ChangeWatchDeps {
  journal(sessionId: string): JournalLook;
  lock(sessionId: string): LockState;
  /** True while a writer of ours has the session: it wakes, nobody need look. */
  isOurs(sessionId: string): boolean;
}

interface Waiter {
  readonly cursor: StoreCursor;
  /** Of the lock when the waiting began; unknown while the session was ours. */
  readonly epoch: number | undefined;
  readonly wake: () => void;
}

/** Everybody who waits for news of a session. One timer looks at all sessions that are not ours, and lets the process end. */
export class ChangeWatch {
  readonly #deps: ChangeWatchDeps;
  readonly #waiting = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: ChangeWatchDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves at `wake`, when `signal` aborts, and when a look shows a journal unlike `cursor`, another owner, or none that
   * lives: who waits for an owner to end must not miss that it already has.
   */
  wait(sessionId: string, cursor: StoreCursor, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || isNews(this.#deps.journal(sessionId), cursor)) return Promise.resolve();
    const epoch = this.#deps.isOurs(sessionId) ? undefined : this.#deps.lock(sessionId).epoch;

    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        this.#remove(sessionId, waiter);
        resolve();
      };
      const waiter = { cursor, epoch, wake };
      signal?.addEventListener('abort', wake);
      this.#add(sessionId, waiter);
    });
  }

  wake(sessionId: string): void {
    for (const waiter of this.#waiting.get(sessionId) ?? []) waiter.wake();
  }

  close(): void {
    for (const sessionId of this.#waiting.keys()) this.wake(sessionId);
  }

  #add(sessionId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(sessionId);
    if (waiters === undefined) this.#waiting.set(sessionId, new Set([waiter]));
    else waiters.add(waiter);
    this.#timer ??= setInterval(() => this.#lookAtAll(), lookEveryMs).unref();
  }

  #remove(sessionId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(sessionId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(sessionId);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lookAtAll(): void {
    for (const [sessionId, waiters] of this.#waiting) {
      if (this.#deps.isOurs(sessionId)) continue;
      try {
        this.#look(sessionId, waiters);
      } catch {
        // Whoever is woken will read, and meet the error there.
        this.wake(sessionId);
      }
    }
  }

  #look(sessionId: string, waiters: ReadonlySet<Waiter>): void {
    const journal = this.#deps.journal(sessionId);
    const lock = this.#deps.lock(sessionId);
    for (const { cursor, epoch, wake } of waiters) {
      if (lock.state !== 'live' || lock.epoch !== epoch || isNews(journal, cursor)) wake();
    }
  }
}

function isNews(journal: JournalLook, cursor: StoreCursor): boolean {
  return journal.ino !== cursor.ino || journal.size !== cursor.size;
}
