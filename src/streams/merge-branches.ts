import { SageError } from '../errors.ts';
import { closeBranches } from './close-branches.ts';

export interface MergeOptions {
  /** How many branches may run at a time, at least 1. The others start, in order, as places become free. */
  readonly limit: number;
  /**
   * Called before branches are closed that still run, because one failed or the reader left: the place to abort the
   * signal they were given. `return()` waits for a pending `next()`, so only that signal frees a branch at work.
   */
  readonly abort?: (reason: unknown) => void;
  /** How long a closing waits for branches that are still at work; after it they are left to their own. Default 2,000. */
  readonly graceMs?: number;
}

/**
 * Runs branches side by side and yields their values in the order they come. Returns their results in branch order.
 *
 * A branch goes on only when its last value has been taken, so at most one value a branch is held. The first branch to
 * fail closes the others, and its error is thrown; theirs, if closing brings any, are taken for consequences and dropped.
 * Leaving early closes every branch that was started; branches never started run no code.
 *
 * @throws {SageError} `invalid-argument`, at once, for a limit below 1.
 */
export function mergeBranches<T, R>(
  branches: readonly (() => AsyncGenerator<T, R>)[],
  options: MergeOptions,
): AsyncGenerator<T, R[]> {
  if (!(options.limit >= 1)) {
    throw new SageError('invalid-argument', `limit must be at least 1, not ${options.limit}.`, {
      option: 'limit',
      given: options.limit,
      allowed: 'a number from 1',
    });
  }
  return merge(branches, options);
}

interface Branch<T, R> {
  readonly index: number;
  readonly stream: AsyncGenerator<T, R>;
}

type Arrival<T, R> = { readonly branch: Branch<T, R> } & (
  | { readonly result: IteratorResult<T, R> }
  | { readonly error: unknown }
);

async function* merge<T, R>(
  branches: readonly (() => AsyncGenerator<T, R>)[],
  { limit, abort, graceMs = 2_000 }: MergeOptions,
): AsyncGenerator<T, R[]> {
  const results: R[] = [];
  const running = new Set<Branch<T, R>>();
  const arrivals: Arrival<T, R>[] = [];
  let wake = () => {};
  const arrive = (arrival: Arrival<T, R>) => {
    arrivals.push(arrival);
    wake();
  };
  const advance = (branch: Branch<T, R>) => {
    branch.stream.next().then(
      (result) => arrive({ branch, result }),
      (error: unknown) => arrive({ branch, error }),
    );
  };

  const close = (reason: unknown) => {
    const streams = Array.from(running, ({ stream }) => stream);
    running.clear();
    return closeBranches(streams, { graceMs, abort: () => abort?.(reason) });
  };

  const waiting = branches.map((start, index) => ({ start, index }));
  try {
    for (;;) {
      while (running.size < limit) {
        const next = waiting.shift();
        if (next === undefined) break;
        const branch = { index: next.index, stream: next.start() };
        running.add(branch);
        advance(branch);
      }
      if (running.size === 0) return results;
      const arrival = arrivals.shift();
      if (arrival === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const { branch } = arrival;
      if ('error' in arrival) {
        running.delete(branch);
        throw arrival.error;
      }
      if (arrival.result.done) {
        running.delete(branch);
        results[branch.index] = arrival.result.value;
      } else {
        yield arrival.result.value;
        advance(branch);
      }
    }
  } catch (error) {
    await close(error).catch(() => {});
    throw error;
  } finally {
    await close(undefined);
  }
}
