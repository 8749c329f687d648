import { closeBranches } from './close-branches.ts';

export interface BranchGroupOptions {
  /** Called before branches are closed that still run: the place to abort the signal they were given. */
  readonly abort: (reason: unknown) => void;
  /** How long a closing waits for branches that are still at work. */
  readonly graceMs: number;
}

interface Branch<T> {
  readonly stream: AsyncGenerator<T, unknown>;
  /** Whether its next value is being made: then it cannot be closed yet. */
  isAtWork: boolean;
  isClosing: boolean;
}

type Arrival<T> = { readonly branch: Branch<T> } & (
  | { readonly result: IteratorResult<T, unknown> }
  | { readonly error: unknown }
);

/**
 * One main branch, and others that join it while it runs; all are read side by side, in one place, however deep those who let
 * them join are nested. Of each branch at most one value is held: it goes on when that has been taken.
 *
 * `run` ends with the main branch, and closes what still runs then. A branch that throws ends all of them, and `run` throws the
 * same: what a branch came to is told by itself, to whoever let it join. That one has ended is yielded as `undefined`, so that a
 * reader may look at what it has left behind, also where all others are silent.
 */
export class BranchGroup<T> {
  readonly #options: BranchGroupOptions;
  readonly #running = new Set<Branch<T>>();
  readonly #arrivals: Arrival<T>[] = [];
  #wake = (): void => {};

  constructor(options: BranchGroupOptions) {
    this.#options = options;
  }

  /**
   * Reads a branch beside those that run. What is returned closes it alone, also while nobody reads the group; one that is at
   * work is closed at its next value, so tell it to stop first.
   */
  join(stream: AsyncGenerator<T, unknown>): () => void {
    const branch = { stream, isAtWork: false, isClosing: false };
    this.#running.add(branch);
    this.#advance(branch);
    return () => {
      if (branch.isClosing || !this.#running.has(branch)) return;
      branch.isClosing = true;
      if (!branch.isAtWork) this.#end(branch);
    };
  }

  /** Yields what the branches yield, in the order it comes, and returns what the main one returns. */
  async *run<R>(main: AsyncGenerator<T, R>): AsyncGenerator<T | undefined, R> {
    const { abort, graceMs } = this.#options;
    this.join(main);
    try {
      for (;;) {
        const arrival = this.#arrivals.shift();
        if (arrival === undefined) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          continue;
        }
        const { branch } = arrival;
        if ('error' in arrival) {
          this.#running.delete(branch);
          throw arrival.error;
        }
        if (!arrival.result.done) {
          yield arrival.result.value;
          if (!branch.isClosing) this.#advance(branch);
          continue;
        }
        this.#running.delete(branch);
        // The only stream that returns it.
        if (branch.stream === main) return arrival.result.value as R;
        yield undefined;
      }
    } catch (error) {
      await closeBranches(this.#takeRunning(), { graceMs, abort: () => abort(error) }).catch(() => {});
      throw error;
    } finally {
      await closeBranches(this.#takeRunning(), { graceMs, abort: () => abort(undefined) });
    }
  }

  #advance(branch: Branch<T>): void {
    this.#await(branch, branch.stream.next());
  }

  #end(branch: Branch<T>): void {
    this.#await(branch, branch.stream.return(undefined));
  }

  #await(branch: Branch<T>, next: Promise<IteratorResult<T, unknown>>): void {
    branch.isAtWork = true;
    next.then(
      (result) => {
        branch.isAtWork = false;
        if (branch.isClosing && !result.done) this.#end(branch);
        else this.#arrive({ branch, result });
      },
      (error: unknown) => this.#arrive({ branch, error }),
    );
  }

  #arrive(arrival: Arrival<T>): void {
    this.#arrivals.push(arrival);
    this.#wake();
  }

  #takeRunning(): AsyncGenerator<T, unknown>[] {
    const streams = Array.from(this.#running, ({ stream }) => stream);
    this.#running.clear();
    return streams;
  }
}
