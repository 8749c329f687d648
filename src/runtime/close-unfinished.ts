import { withdrawRemark } from '../agents/self-check/self-check-state.ts';
import { dropPending } from '../session/confirmations.ts';
import type { Entry, RunEnded } from '../session/entry.ts';
import type { JournalState } from '../session/journal-state.ts';
import type { Ledger } from '../session/ledger.ts';
import { ownedBy } from '../session/own-entries.ts';
import { restEntries } from '../session/repair-pairs.ts';
import type { SessionState } from '../session/session-state.ts';

/** New input ends what a crash left open, or what waits for a person, the children first: nothing of it is run again. */
export function closeUnfinishedTree({ root, children }: JournalState, createId: () => string): Entry[] {
  return [...children.toReversed(), root].flatMap((session) => closeUnfinished(session, createId));
}

/** Why a child that waited has come to nothing. */
export const askedInVain = 'Whoever it worked for has ended before its person had answered.';

/** What brings to rest those that wait for a person below a session whose own run ends, and does not wait. */
export function closeWaitingBelow(above: SessionState, { children }: JournalState, createId: () => string): Entry[] {
  const waiting = children.filter((child) => child.isUnfinished && !child.isOpen && child.isBelow(above));
  return waiting.toReversed().flatMap((child) => closeUnfinished(child, createId, askedInVain));
}

/** What brings to rest a session whose run is not through; nothing for any other. Its words must be there. */
export function closeUnfinished(
  session: SessionState,
  createId: () => string,
  note = 'A new message came before the person it waited for had answered.',
): Entry[] {
  const { isUnfinished, isOpen, lastRun, parent, sessionId, confirmations } = session;
  if (!isUnfinished || lastRun === undefined) return [];
  const { ledger } = session;
  const ended: RunEnded = {
    type: 'run_ended',
    run_id: lastRun.runId,
    status: 'interrupted',
    reason: isOpen ? 'crashed' : 'interrupted',
    phase: phaseOf(ledger),
    ...(isOpen ? {} : { note }),
    ...(parent === undefined ? {} : { result: { status: 'interrupted', text: '' } }),
  };
  const entries: Entry[] = [
    ...dropPending(confirmations, createId),
    ...restEntries(ledger, 'crashed', createId),
    ...withdrawRemark(session),
    ended,
  ];
  return parent === undefined ? entries : entries.map((entry) => ownedBy(sessionId, entry));
}

function phaseOf({ drafts, openCalls }: Ledger): string {
  if (openCalls.size > 0) return 'tools';
  return drafts.size > 0 ? 'model' : 'flow';
}
