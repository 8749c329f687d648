import { JournalState } from './journal-state.ts';
import type { JournalRecord, ReadResult, SessionStore, StoreCursor } from './session-store.ts';

interface Cached {
  readonly state: JournalState;
  readonly cursor: StoreCursor;
}

/**
 * Folded journals at rest, least recently used out first, so that a session's next run reads only what is new.
 *
 * A state is taken out while somebody folds into it, and put back with the cursor it stands at.
 */
export class StateCache {
  readonly #limit: number;
  readonly #states = new Map<string, { readonly cached: Cached; readonly weight: number }>();
  #weight = 0;

  /** `limit` in bytes, about. */
  constructor(limit = 64 * 1024 * 1024) {
    this.#limit = limit;
  }

  take(sessionId: string): Cached | undefined {
    const held = this.#states.get(sessionId);
    if (held === undefined) return undefined;
    this.#states.delete(sessionId);
    this.#weight -= held.weight;
    return held.cached;
  }

  put(state: JournalState, cursor: StoreCursor): void {
    this.take(state.sessionId);
    const { weight } = state;
    if (weight > this.#limit) return;
    this.#states.set(state.sessionId, { cached: { state, cursor }, weight });
    this.#weight += weight;
    for (const oldest of this.#states.keys()) {
      if (this.#weight <= this.#limit) return;
      this.take(oldest);
    }
  }

  forget(sessionId: string): void {
    this.take(sessionId);
  }

  /** The state of a session nobody here is writing to; `undefined` if it is unknown. */
  async read(store: SessionStore, sessionId: string): Promise<JournalState | undefined> {
    const cached = this.take(sessionId);
    const read = await store.read(sessionId, cached?.cursor);
    if (read === undefined) return undefined;
    const state = foldOnto(cached?.state, sessionId, read);
    this.put(state, read.cursor);
    return state;
  }
}

/** The state after what was read: on top of what was known, or from the start. */
export function foldOnto(known: JournalState | undefined, sessionId: string, read: ReadResult): JournalState {
  const state = known === undefined || read.fromStart ? new JournalState(sessionId) : known;
  for (const record of read.records satisfies readonly JournalRecord[]) state.fold(record);
  return state;
}
