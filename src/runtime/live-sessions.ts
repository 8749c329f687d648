import { SageError } from '../errors.ts';
import type { Run } from './run.ts';

/** The runs of one `SAgent` that are under way: one a session. */
export class LiveSessions {
  readonly #runs = new Map<string, Run>();

  /** A session is live from here on. @throws {SageError} `session-busy` when it is already. */
  enter(run: Run): () => void {
    const { sessionId } = run;
    if (this.#runs.has(sessionId)) {
      const message = `Session "${sessionId}" is running already. Wait for its outcome, guide it with injectUserMessage, or stop it with interruptSession.`;
      throw new SageError('session-busy', message, { sessionId, owner: 'this agent' });
    }
    this.#runs.set(sessionId, run);
    return () => {
      if (this.#runs.get(sessionId) === run) this.#runs.delete(sessionId);
    };
  }

  get(sessionId: string): Run | undefined {
    return this.#runs.get(sessionId);
  }

  list(): Run[] {
    return [...this.#runs.values()];
  }
}
