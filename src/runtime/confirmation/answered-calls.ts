import type { CallKey } from '../../session/entry.ts';
import type { JournalState } from '../../session/journal-state.ts';
import type { OpenCalls } from '../../session/open-calls.ts';
import type { SessionState } from '../../session/session-state.ts';

/** Whether one of these calls was suspended and can go on, or a call of a child that works for them: there is a word on it. */
export function isAnswered(
  tree: JournalState,
  session: SessionState,
  { messageId, calls, answered, settled, intended }: OpenCalls,
): boolean {
  return calls.some((_, index) => {
    if (answered.has(index) || settled.has(index)) return false;
    const call: CallKey = [messageId, index];
    // One that has begun and has no result waits with those that work for it.
    if (intended.has(index)) return waitingFor(tree, session, call).some((child) => hasAnswer(tree, child));
    return session.confirmations.of(call)?.closed !== undefined;
  });
}

function hasAnswer(tree: JournalState, child: SessionState): boolean {
  return [...child.ledger.openCalls.values()].some((open) => isAnswered(tree, child, open));
}

function waitingFor({ children }: JournalState, session: SessionState, [messageId, index]: CallKey): SessionState[] {
  return children.filter(({ parent, isOpen, isUnfinished, lastRun }) => {
    const { call } = lastRun ?? {};
    return parent === session && isUnfinished && !isOpen && call?.[0] === messageId && call[1] === index;
  });
}
