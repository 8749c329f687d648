import PQueue from 'p-queue';

/**
 * How many syncs of one store are handed to Node's four threads at a time. Few, and a busy process waits a turn of its event
 * loop for every handful; many, and whatever else needs a thread stands behind all of them.
 */
const atOnce = 16;

/** The syncs of one store. */
export class SyncQueue {
  readonly #slots = new PQueue({ concurrency: atOnce });

  forLog(sync: () => Promise<void>): LogSync {
    return new LogSync(this.#slots, sync);
  }
}

/** The syncs of one log, one after the other. */
export class LogSync {
  readonly #slots: PQueue;
  readonly #sync: () => Promise<void>;
  #waiting: Promise<void> | undefined;
  #latest: Promise<void> = Promise.resolve();

  constructor(slots: PQueue, sync: () => Promise<void>) {
    this.#slots = slots;
    this.#sync = sync;
  }

  /** Resolves when a sync that started after this call is done. Requests share the one that is still to start. */
  request(): Promise<void> {
    if (this.#waiting === undefined) {
      this.#waiting = this.#runAfter(this.#latest);
      this.#latest = this.#waiting;
    }
    return this.#waiting;
  }

  /** Resolves when none is running and none is waiting. Never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#latest]);
  }

  async #runAfter(before: Promise<void>): Promise<void> {
    await Promise.allSettled([before]);
    await this.#slots.add(() => {
      this.#waiting = undefined;
      return this.#sync();
    });
  }
}
