import { untilAborted } from '../../streams/abort.ts';

interface WaitOptions {
  readonly leftMs: number;
  /** Its time is up. What it throws, the waiting does. */
  readonly onExpired: () => void;
  readonly signal: AbortSignal;
}

/** The calls that wait in this process, by the ids of their confirmations. */
export class WaitingCalls {
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  /** Until there is a word on it. @throws the signal's reason when it aborts. */
  async wait(id: string, { leftMs, onExpired, signal }: WaitOptions): Promise<void> {
    const answered = Promise.withResolvers<void>();
    this.#waiting.set(id, answered);
    const timer = setTimeout(() => {
      try {
        onExpired();
        answered.resolve();
      } catch (error) {
        answered.reject(error);
      }
    }, leftMs);
    try {
      await untilAborted(answered.promise, signal);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  answered(id: string): void {
    this.#waiting.get(id)?.resolve();
  }

  /** What it waits for cannot be stored any more. */
  failed(id: string, error: unknown): void {
    this.#waiting.get(id)?.reject(error);
  }
}
