/**
 * Time that stands still while a reader holds a batch: milliseconds of our own work, monotonic, from 0 at construction.
 *
 * Whoever yields to the reader calls `pause()` before and `resume()` after; both cost some tens of nanoseconds and are
 * harmless when called twice. One clock serves every deadline of a run.
 */
export class ActiveClock {
  readonly #now: () => number;
  #origin: number;
  #pausedAt: number | undefined;
  readonly #sleepers = new Set<() => void>();

  /** `now` is monotonic, in milliseconds; default `performance.now`. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#origin = now();
  }

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** Milliseconds since construction, without the pauses. */
  elapsed(): number {
    return (this.#pausedAt ?? this.#now()) - this.#origin;
  }

  pause(): void {
    this.#pausedAt ??= this.#now();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#origin += this.#now() - this.#pausedAt;
    this.#pausedAt = undefined;
    if (this.#sleepers.size > 0) this.#wake();
  }

  /** Calls `wake` once, at the next `resume()`. Returns what takes it back. */
  onResume(wake: () => void): () => void {
    this.#sleepers.add(wake);
    return () => this.#sleepers.delete(wake);
  }

  #wake(): void {
    const sleepers = [...this.#sleepers];
    this.#sleepers.clear();
    for (const wake of sleepers) wake();
  }
}
