import PQueue from 'p-queue';

/** The syncs of one store. They block a thread each, and Node has four for everything: at most two run at once. */
export class SyncQueue {
  readonly #slots = new PQueue({ concurrency: 2 });

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
