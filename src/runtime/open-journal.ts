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
  /** The newest edit of each session at rest that is being edited; a run that begins waits for it. */
  readonly edits: Map<string, Promise<unknown>>;
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
  sessions: Sessions,
  sessionId: string,
  options: { readonly create: boolean },
): Promise<OpenJournal> {
  await sessions.edits.get(sessionId)?.catch(() => {});
  return openNow(sessions, sessionId, options);
}

/**
 * Takes a session at rest for one edit: edits of a session come one after the other, and a run that begins meanwhile waits.
 * Call it in the same turn in which no run of the session was live.
 */
export async function editAtRest<T>(
  sessions: Sessions,
  sessionId: string,
  edit: (journal: Journal) => Promise<T>,
): Promise<T> {
  const before = sessions.edits.get(sessionId);
  const act = async (): Promise<T> => {
    await before?.catch(() => {});
    await using open = await openNow(sessions, sessionId, { create: false });
    return await edit(open.journal);
  };
  const turn = act();
  sessions.edits.set(sessionId, turn);
  try {
    return await turn;
  } finally {
    if (sessions.edits.get(sessionId) === turn) sessions.edits.delete(sessionId);
  }
}

async function openNow(
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
