import type { ActiveClock } from './active-clock.ts';

/** The longest delay `setTimeout` keeps; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface DeadlineOptions {
  readonly clock: ActiveClock;
  /** Active time allowed from construction, or from the last `refresh()`. `Infinity` never expires. */
  readonly ms: number;
  /** Called at most once. Must not throw. */
  readonly onExpired: () => void;
}

/**
 * Calls `onExpired` once when `ms` of the clock's time have passed without a `refresh()`.
 *
 * Made for the hot path: `refresh()` and `hold()` only move a number; the one timer behind them finds out for itself
 * when it fires. It keeps the process alive until it has expired or `close()` was called.
 */
export class Deadline implements Disposable {
  readonly #clock: ActiveClock;
  readonly #ms: number;
  readonly #onExpired: () => void;
  #due = Infinity;
  #state: 'idle' | 'armed' | 'closed' = 'idle';
  #disarm: (() => void) | undefined;

  constructor({ clock, ms, onExpired }: DeadlineOptions) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onExpired = onExpired;
    this.refresh();
  }

  /** Allows another `ms` from now. No effect once expired or closed. */
  refresh(): void {
    this.#due = this.#clock.elapsed() + this.#ms;
    if (this.#state === 'idle') this.#arm();
  }

  /** Sleeps until the next `refresh()`. */
  hold(): void {
    this.#due = Infinity;
  }

  close(): void {
    this.#state = 'closed';
    this.#disarm?.();
    this.#disarm = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(): void {
    if (this.#due === Infinity) {
      this.#state = 'idle';
      return;
    }
    this.#state = 'armed';
    const rest = Math.ceil(this.#due - this.#clock.elapsed());
    const timer = setTimeout(() => this.#check(() => this.#confirm()), Math.min(rest, longestTimerMs));
    this.#disarm = () => clearTimeout(timer);
  }

  /**
   * With a blocked event loop timers run before poll, and what we wait for may already lie in the socket: two turns
   * later it has been read.
   */
  #confirm(): void {
    let immediate = setImmediate(() => {
      immediate = setImmediate(() => this.#check(() => this.#expire()));
    });
    this.#disarm = () => clearImmediate(immediate);
  }

  #expire(): void {
    this.close();
    this.#onExpired();
  }

  /** Goes on with `whenDue` if time is up, and back to sleep if not: timers may fire early, and `due` may have moved. */
  #check(whenDue: () => void): void {
    if (this.#clock.paused) this.#disarm = this.#clock.onResume(() => this.#arm());
    else if (this.#clock.elapsed() < this.#due) this.#arm();
    else whenDue();
  }
}
