import { isSageError } from '../../errors.ts';
import { Confirmations } from '../../session/confirmations.ts';
import type { ConfirmationClosed, Entry } from '../../session/entry.ts';
import type { JournalState } from '../../session/journal-state.ts';
import { ownerOf } from '../../session/own-entries.ts';
import type { SessionState } from '../../session/session-state.ts';
import type { SessionStore, StoreCursor } from '../../session/session-store.ts';
import { answerEntries, refused, type ConfirmationAnswer } from './answer-confirmation.ts';
import { digestOf } from './digest.ts';
import type { FoundSession, House } from '../find-session.ts';
import { editAtRest, type Sessions } from '../open-journal.ts';

export interface ToAnswer {
  /** A root, for its whole tree, or the child that asks. */
  readonly sessionId: string;
  readonly id: string;
  readonly answer: ConfirmationAnswer;
}

/** Live here, live in another process, or at rest. Resolves when the answer is durable. @throws {SageError} `confirmation-refused`. */
export async function answerAnywhere(
  { sessions }: House,
  find: () => Promise<FoundSession | undefined>,
  { sessionId, id, answer }: ToAnswer,
): Promise<void> {
  for (;;) {
    const found = await find();
    const session = found && whoAsks(found, id);
    if (found === undefined || session === undefined) throw refused(sessionId, id, 'unknown');
    const { run, rootId, tree } = found;
    // Here whoever answers hears why it is refused.
    toEntries(sessions, tree, session.sessionId, { id, answer });
    if (run?.body.isClosing === false) return run.body.answer(session, id, answer);
    if (run !== undefined) await run.outcome.catch(() => {});
    else if (await isElsewhere(sessions.store, rootId)) {
      if (await send(sessions.store, { rootId, sessionId: session.sessionId, id, answer })) return;
    } else if (await answerAtRest(sessions, rootId, session.sessionId, { id, answer })) return;
  }
}

function whoAsks({ tree, session }: FoundSession, id: string): SessionState | undefined {
  const sessions = session === tree.root ? [session, ...tree.children] : [session];
  return sessions.find(({ confirmations }) => confirmations.find(id) !== undefined);
}

function toEntries(
  { clock, createId }: Sessions,
  tree: JournalState,
  sessionId: string,
  { id, answer }: Pick<ToAnswer, 'id' | 'answer'>,
): Entry[] {
  const session = tree.session(sessionId);
  if (session === undefined) throw refused(sessionId, id, 'unknown');
  return answerEntries(session, { id, answer, now: clock(), createId });
}

async function isElsewhere(store: SessionStore, rootId: string): Promise<boolean> {
  return (await store.owner(rootId)).state === 'live';
}

/** False where a run has begun meanwhile: it is to be looked at anew. */
async function answerAtRest(
  sessions: Sessions,
  rootId: string,
  sessionId: string,
  given: Pick<ToAnswer, 'id' | 'answer'>,
): Promise<boolean> {
  try {
    await editAtRest(sessions, rootId, async (journal) => {
      journal.append(toEntries(sessions, journal.state, sessionId, given));
      await journal.sync();
    });
    return true;
  } catch (error) {
    if (isSageError(error, 'session-busy')) return false;
    throw error;
  }
}

/** To the process that runs it. False where that has gone, or does not wait any more without having taken the answer. */
async function send(
  store: SessionStore,
  { rootId, sessionId, id, answer }: ToAnswer & { readonly rootId: string },
): Promise<boolean> {
  const child = sessionId === rootId ? undefined : sessionId;
  const whose = child === undefined ? {} : { session_id: child };
  const message = await store.send(rootId, { type: 'answer', ...whose, confirmation_id: id, ...answer });
  let confirmations = new Confirmations();
  let cursor: StoreCursor | undefined;
  try {
    for (;;) {
      // Asked before reading: what a dead owner wrote last is read after it is known to be dead.
      const { state } = await store.owner(rootId);
      const read = await store.read(rootId, cursor);
      if (read === undefined) return false;
      if (read.fromStart) confirmations = new Confirmations();
      for (const { entries } of read.records) {
        for (const entry of entries) if (ownerOf(entry) === child) confirmations.fold(entry);
      }
      cursor = read.cursor;
      const closed = confirmations.find(id)?.closed;
      if (closed !== undefined && isTheSame(closed, answer)) return true;
      if (closed !== undefined || state !== 'live') return false;
      await store.changed(rootId, cursor);
    }
  } finally {
    await message.withdraw();
  }
}

/** Whether this answer is the one that was taken. */
function isTheSame(closed: ConfirmationClosed, answer: ConfirmationAnswer): boolean {
  const told = ({ decision, by, arguments: args, answer: said }: ConfirmationClosed | ConfirmationAnswer) =>
    digestOf([decision, by, args ?? null, said ?? null]);
  return told(closed) === told(answer);
}
