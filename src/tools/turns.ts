import PQueue from 'p-queue';
import { SageError } from '../errors.ts';
import { linkAbort, type LinkedAbort } from '../streams/abort.ts';
import type { Tool } from './tool.ts';

/** Lasts until it is disposed of. */
export interface Turn extends Disposable {
  /** Whoever has it was left behind, and may never end. */
  abandon(): void;
}

/**
 * Lets so many in at a time; the others wait, who came first goes first. Shared by all who hold the same tool: the runs of a
 * manager wait for each other. While everybody who is in was left behind, nobody waits: they are refused.
 */
export class Turns {
  readonly #queue: PQueue;
  readonly #waiting = new Set<LinkedAbort>();
  #abandoned = 0;

  constructor(atOnce: number) {
    this.#queue = new PQueue({ concurrency: atOnce });
  }

  /** Rejects when `signal` aborts while it waits, and with `AllAbandoned`. */
  take(signal: AbortSignal): Promise<Turn> {
    if (this.#areAllAbandoned) return Promise.reject(new AllAbandoned());
    const turn = Promise.withResolvers<Turn>();
    const waiting = linkAbort(signal);
    const stopWaiting = () => {
      this.#waiting.delete(waiting);
      // From now on it is whoever has the turn that hears the signal.
      waiting[Symbol.dispose]();
    };
    const last = () =>
      new Promise<void>((end) => {
        stopWaiting();
        turn.resolve(this.#createTurn(end));
      });
    this.#waiting.add(waiting);
    this.#queue.add(last, { signal: waiting.signal }).catch((error: unknown) => {
      stopWaiting();
      turn.reject(error);
    });
    return turn.promise;
  }

  get #areAllAbandoned(): boolean {
    return this.#abandoned === this.#queue.concurrency;
  }

  #createTurn(end: () => void): Turn {
    let isAbandoned = false;
    return {
      abandon: () => {
        if (isAbandoned) return;
        isAbandoned = true;
        this.#abandoned += 1;
        if (this.#areAllAbandoned) for (const waiting of this.#waiting) waiting.abort(new AllAbandoned());
      },
      [Symbol.dispose]: () => {
        if (isAbandoned) this.#abandoned -= 1;
        isAbandoned = false;
        end();
      },
    };
  }
}

class AllAbandoned extends Error {}

/**
 * The turn of a call, if its tool has turns.
 *
 * @throws {SageError} `tool-error` when none will come soon, if ever; the reason of a `signal` that aborts.
 */
export async function takeTurn({ name, turns }: Tool, signal: AbortSignal): Promise<Turn | undefined> {
  try {
    return await turns?.take(signal);
  } catch (cause) {
    if (!(cause instanceof AllAbandoned)) throw cause;
    const message = `Tool "${name}" cannot run now: as many calls of it as may run at a time were stopped, and have not ended. This one was not run.`;
    throw new SageError('tool-error', message, { tool: name }, { cause });
  }
}

/** Keeps a turn until the work has really ended, also where nobody waits for it any longer. */
export async function* inTurn<T, R>(turn: Disposable | undefined, work: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  using _turn = turn;
  return yield* work;
}
