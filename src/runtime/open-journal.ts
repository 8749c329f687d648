import { Journal } from '../session/journal.ts';
import type { SessionStore } from '../session/session-store.ts';
import { foldOnto, type StateCache } from '../session/state-cache.ts';

/** Where one `SAgent` keeps its sessions. Two of them share nothing. */
export interface Sessions {
  readonly store: SessionStore;
  readonly cache: StateCache;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly createId: () => string;
}

export interface OpenJournal extends AsyncDisposable {
  readonly journal: Journal;
  /** Keeps what was folded for the next run, and lets the session go. */
  close(): Promise<void>;
}

/**
 * Takes a session for writing, with its state.
 *
 * @throws {SageError} `session-busy`, `session-not-found` unless `create`, `journal-damaged`, `store-failed`.
 */
export async function openJournal(
  { store, cache, clock }: Sessions,
  sessionId: string,
  { create }: { readonly create: boolean },
): Promise<OpenJournal> {
  const cached = cache.take(sessionId);
  const writer = await store.open(sessionId, { create, ...(cached === undefined ? {} : { cursor: cached.cursor }) });
  try {
    const state = foldOnto(cached?.state, sessionId, writer.stored);
    const close = async () => {
      if (state.started !== undefined) cache.put(state, writer.cursor());
      await writer.close();
    };
    return { journal: new Journal(writer, state, clock), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await writer.close();
    throw error;
  }
}
