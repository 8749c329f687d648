import type { Ledger } from '../session/ledger.ts';
import { readLedger } from '../session/read-ledger.ts';
import type { JournalState } from '../session/journal-state.ts';
import type { SessionState } from '../session/session-state.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Sessions } from './open-journal.ts';
import type { Run } from './run.ts';

/** What an `SAgent` and its tenants' scopes share. */
export interface House {
  readonly sessions: Sessions;
  readonly live: LiveSessions;
}

/** A session as it stands, live or at rest. */
export interface FoundSession {
  readonly rootId: string;
  readonly tree: JournalState;
  /** The root of the tree, or a child in it. */
  readonly session: SessionState;
  /** The run of its tree, while one is open here. */
  readonly run: Run | undefined;
}

/** The run of this agent that has the session, or a child of that id, in its tree; it may not be open yet. */
export function liveRunOf({ live }: House, sessionId: string): Run | undefined {
  const own = live.get(sessionId);
  return own ?? live.list().find((run) => run.isOpen && run.body.journal.state.session(sessionId) !== undefined);
}

/** Looks a session up by its id; `undefined` for one nobody knows. */
export async function findSession(house: House, sessionId: string): Promise<FoundSession | undefined> {
  const run = liveRunOf(house, sessionId);
  if (run !== undefined && !run.isOpen) await run.begun;
  if (run?.isOpen) return foundIn(run.body.journal.state, sessionId, run);
  const { cache, store } = house.sessions;
  const own = await cache.read(store, sessionId);
  if (own !== undefined) return foundIn(own, sessionId, undefined);
  const rootId = await store.rootOf(sessionId);
  const tree = rootId === undefined ? undefined : await cache.read(store, rootId);
  return tree === undefined ? undefined : foundIn(tree, sessionId, undefined);
}

function foundIn(tree: JournalState, sessionId: string, run: Run | undefined): FoundSession | undefined {
  const session = tree.session(sessionId);
  return session === undefined ? undefined : { rootId: tree.sessionId, tree, session, run };
}

/** Its words: those of a child at rest are read from the journal. */
export async function wordsOf({ sessions }: House, { rootId, session }: FoundSession): Promise<Ledger> {
  if (session.isLoaded) return session.ledger;
  const { records = [] } = (await sessions.store.read(rootId)) ?? {};
  return readLedger(session.sessionId, records);
}
