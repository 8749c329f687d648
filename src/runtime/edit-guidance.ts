import { isSageError, SageError } from '../errors.ts';
import type { Content, Metadata } from '../messages/message.ts';
import type { Entry } from '../session/entry.ts';
import type { GuidanceQueue } from '../session/guidance-queue.ts';
import type { Journal } from '../session/journal.ts';
import { ownedBy } from '../session/own-entries.ts';
import { liveRunOf, type FoundSession, type House } from './find-session.ts';
import { editAtRest } from './open-journal.ts';

type Edit = (guidance: GuidanceQueue) => Entry | undefined;

/** Queues guidance for a session of an open journal, at once; resolves when that is durable. */
export async function queueGuidance(
  journal: Journal,
  sessionId: string,
  { id, content, metadata }: { readonly id: string; readonly content: Content; readonly metadata: Metadata },
): Promise<void> {
  const { guidance, parent } = mustHave(journal, sessionId);
  const entries = guidance.queue(id, content, metadata);
  journal.append(parent === undefined ? entries : entries.map((entry) => ownedBy(sessionId, entry)));
  await journal.sync();
}

/** Edits what is pending, live or at rest; false where there is nothing to edit. @throws {SageError} `session-not-live`. */
export async function editGuidance(
  house: House,
  find: () => Promise<FoundSession | undefined>,
  edit: Edit,
): Promise<boolean> {
  for (;;) {
    const found = await find();
    // Checked before anything is opened: most often there is nothing to do.
    if (found === undefined || edit(found.session.guidance) === undefined) return false;
    const { rootId, run, session } = found;
    const { sessionId } = session;
    if (run !== undefined && !run.body.isClosing) return applyEdit(run.body.journal, sessionId, edit);
    await run?.outcome.catch(() => {});
    if (run !== undefined || liveRunOf(house, rootId) !== undefined) continue;
    try {
      return await editAtRest(house.sessions, rootId, (journal) => applyEdit(journal, sessionId, edit));
    } catch (error) {
      throw isSageError(error, 'session-busy')
        ? ownedElsewhere(sessionId, error.facts.owner ?? 'another process')
        : error;
    }
  }
}

export function ownedElsewhere(sessionId: string, owner: string): SageError {
  const message = `Session "${sessionId}" is run by ${owner}, not by this agent. Speak to it there.`;
  return new SageError('session-not-live', message, { sessionId, owner });
}

async function applyEdit(journal: Journal, sessionId: string, edit: Edit): Promise<boolean> {
  const { guidance, parent } = mustHave(journal, sessionId);
  const entry = edit(guidance);
  if (entry === undefined) return false;
  journal.append([parent === undefined ? entry : ownedBy(sessionId, entry)]);
  await journal.sync();
  return true;
}

function mustHave(journal: Journal, sessionId: string) {
  const session = journal.state.session(sessionId);
  if (session === undefined) throw new Error(`Session "${sessionId}" is not in this journal.`);
  return session;
}
