import type { Entry } from '../session/entry.ts';
import type { JournalState } from '../session/journal-state.ts';
import type { Ledger } from '../session/ledger.ts';
import { ownedBy } from '../session/own-entries.ts';
import { restEntries } from '../session/repair-pairs.ts';
import type { SessionState } from '../session/session-state.ts';

/** New input ends what a crash left open, the children first: nothing of it is run again. */
export function closeCrashedTree({ root, children }: JournalState, createId: () => string): Entry[] {
  return [...children.toReversed(), root].flatMap((session) => closeCrashed(session, createId));
}

/** What brings to rest a session whose run has no end; nothing for any other. */
export function closeCrashed(session: SessionState, createId: () => string): Entry[] {
  const { isOpen, lastRun, parent, sessionId } = session;
  if (!isOpen || lastRun === undefined) return [];
  const { ledger } = session;
  const entries: Entry[] = [
    ...restEntries(ledger, 'crashed', createId),
    {
      type: 'run_ended',
      run_id: lastRun.runId,
      status: 'interrupted',
      reason: 'crashed',
      phase: phaseOf(ledger),
      ...(parent === undefined ? {} : { result: { status: 'interrupted', text: '' } }),
    },
  ];
  return parent === undefined ? entries : entries.map((entry) => ownedBy(sessionId, entry));
}

function phaseOf({ drafts, openCalls }: Ledger): string {
  if (openCalls.size > 0) return 'tools';
  return drafts.size > 0 ? 'model' : 'flow';
}
