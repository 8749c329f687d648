const abandoned = Symbol('abandoned');

/** Thrown for work that did not end in time after it was told to stop. */
class Abandoned extends Error {
  readonly [abandoned] = true;
}

export function isAbandoned(error: unknown): boolean {
  return error instanceof Abandoned;
}

/**
 * Reads a generator that may be deaf. Once `signal` has aborted it has `graceMs` (`Infinity`: all the time it takes) to end; what it yields then is dropped, and
 * one that has not ended by then is left behind: this throws (see `isAbandoned`), and its late end is nobody's concern.
 *
 * The signal is the brake here: abort it before you close this generator early, or closing waits for the work.
 */
export async function* withGrace<T, R>(
  work: AsyncGenerator<T, R>,
  { signal, graceMs }: { readonly signal: AbortSignal; readonly graceMs: number },
): AsyncGenerator<T, R> {
  using grace = new Grace(signal, graceMs);
  let isOpen = true;
  try {
    for (;;) {
      const next = await grace.until(work.next());
      if (next.done) {
        isOpen = false;
        return next.value;
      }
      if (!signal.aborted) yield next.value;
    }
  } catch (error) {
    isOpen = false;
    throw error;
  } finally {
    if (isOpen) await grace.until(work.return(undefined as never));
  }
}

/** From the abort of a signal to the end of patience. */
class Grace implements Disposable {
  readonly #signal: AbortSignal;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #giveUp: (() => void) | undefined;

  constructor(signal: AbortSignal, ms: number) {
    this.#signal = signal;
    this.#ms = ms;
    if (signal.aborted) this.#start();
    else signal.addEventListener('abort', this.#start, { once: true });
  }

  /** The promise's own end, or `Abandoned` when patience ends first. */
  until<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => reject(new Abandoned());
      promise.then(resolve, reject);
      if (this.#isOver) this.#giveUp();
    });
  }

  readonly #start = (): void => {
    if (this.#ms === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#giveUp?.();
    }, this.#ms);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#start);
  }
}
