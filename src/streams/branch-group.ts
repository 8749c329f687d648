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

interface Value<T> {
  readonly branch: Branch<T>;
  readonly value: T;
}

type End<T> = { readonly branch: Branch<T> } & ({ readonly result: unknown } | { readonly error: unknown });

/**
 * One main branch, and others that join it while it runs; all are read side by side, in one place, however deep those who let
 * them join are nested. Of each branch at most one value is held: it goes on when that has been taken.
 *
 * `run` ends with the main branch, and closes what still runs then. A branch that throws ends all of them, and `run` throws the
 * same: what a branch came to is told by itself, to whoever let it join. That one has ended is yielded too, as an empty
 * batch where nothing else has come, so that a reader may look at what it has left behind.
 */
export class BranchGroup<T> {
  readonly #options: BranchGroupOptions;
  readonly #running = new Set<Branch<T>>();
  /** What has come and was not taken yet. */
  readonly #values: Value<T>[] = [];
  readonly #ends: End<T>[] = [];
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

  /**
   * Yields what the branches yield, in the order it comes, a batch for what came while the one before was held. Returns what the
   * main branch returns.
   */
  async *run<R>(main: AsyncGenerator<T, R>): AsyncGenerator<T[], R> {
    const { abort, graceMs } = this.#options;
    this.join(main);
    try {
      for (;;) {
        const values = this.#values.splice(0);
        const ends = this.#ends.splice(0);
        if (values.length === 0 && ends.length === 0) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          continue;
        }
        if (values.length > 0) yield values.map(({ value }) => value);
        for (const end of ends) {
          this.#running.delete(end.branch);
          if ('error' in end) throw end.error;
          // The only stream that returns it.
          if (end.branch.stream === main) return end.result as R;
        }
        if (values.length === 0) yield [];
        for (const { branch } of values) if (!branch.isClosing) this.#advance(branch);
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
        if (result.done) this.#ends.push({ branch, result: result.value });
        else if (branch.isClosing) return this.#end(branch);
        else this.#values.push({ branch, value: result.value });
        this.#wake();
      },
      (error: unknown) => {
        this.#ends.push({ branch, error });
        this.#wake();
      },
    );
  }

  #takeRunning(): AsyncGenerator<T, unknown>[] {
    const streams = Array.from(this.#running, ({ stream }) => stream);
    this.#running.clear();
    return streams;
  }
}
