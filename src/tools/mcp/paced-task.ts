/** Runs a task when it is asked for: one run at a time, none sooner than `pauseMs` after the last, and no run asked for is missed. */
export class PacedTask implements Disposable {
  readonly #task: () => Promise<void>;
  readonly #pauseMs: number;
  #state: 'idle' | 'running' | 'asked-again' | 'closed' = 'idle';
  #timer: NodeJS.Timeout | undefined;

  /** `task` must not throw. */
  constructor(task: () => Promise<void>, pauseMs: number) {
    this.#task = task;
    this.#pauseMs = pauseMs;
  }

  ask(): void {
    if (this.#state === 'running') this.#state = 'asked-again';
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    void this.#run();
  }

  [Symbol.dispose](): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    await this.#task();
    if (this.#state === 'closed') return;
    this.#timer = setTimeout(() => {
      const isAskedFor = this.#state === 'asked-again';
      this.#state = 'idle';
      if (isAskedFor) this.ask();
    }, this.#pauseMs).unref();
  }
}
