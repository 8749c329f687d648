import PQueue from 'p-queue';
import { linkAbort } from '../streams/abort.ts';

/**
 * Lets so many in at a time; the others wait, who came first goes first. Shared by all who hold the same tool: the runs of a
 * manager wait for each other.
 */
export class Turns {
  readonly #queue: PQueue;

  constructor(atOnce: number) {
    this.#queue = new PQueue({ concurrency: atOnce });
  }

  /** Resolves with the turn, which lasts until it is disposed of. Rejects when `signal` aborts while it waits. */
  take(signal: AbortSignal): Promise<Disposable> {
    const turn = Promise.withResolvers<Disposable>();
    const waiting = linkAbort(signal);
    const last = () =>
      new Promise<void>((end) => {
        // From now on it is whoever has the turn that hears the signal.
        waiting[Symbol.dispose]();
        turn.resolve({ [Symbol.dispose]: end });
      });
    this.#queue.add(last, { signal: waiting.signal }).catch(turn.reject);
    return turn.promise;
  }
}

/** Keeps a turn until the work has really ended, also where nobody waits for it any longer. */
export async function* inTurn<T, R>(turn: Disposable | undefined, work: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  using _turn = turn;
  return yield* work;
}
