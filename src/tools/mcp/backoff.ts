const firstMs = 1_000;
const longestMs = 60_000;
/** A connection that held so long was a good one. */
const goodMs = 60_000;

/**
 * How long a server is left alone that has failed: a second, and twice as long after each further failure, up to a minute. There is
 * no timer: whoever wants the server next finds out.
 */
export class Backoff {
  readonly #now: () => number;
  #failures = 0;
  #connectedAt: number | undefined;
  #triableAt = -Infinity;

  /** `now` is in milliseconds, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
  }

  connected(): void {
    this.#connectedAt = this.#now();
  }

  failed(): void {
    const heldMs = this.#now() - (this.#connectedAt ?? this.#now());
    if (heldMs >= goodMs) this.#failures = 0;
    this.#connectedAt = undefined;
    this.#triableAt = this.#now() + Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
  }

  /** Milliseconds until it may be tried again. */
  get leftMs(): number {
    return Math.max(0, this.#triableAt - this.#now());
  }
}
