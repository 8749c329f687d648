import type { Incomplete } from '../messages/message.ts';
import type { Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { answerOpenCalls } from './open-calls.ts';

/**
 * The entries that bring a ledger to rest: every unfinished message is closed as cut, and every open call gets exactly one
 * result. Used when a run ends, and by the next owner after a crash.
 */
export function restEntries(ledger: Ledger, incomplete: Incomplete, createId: () => string): Entry[] {
  return [
    ...closeDrafts(ledger, incomplete),
    ...[...ledger.openCalls.values()].flatMap((open) => answerOpenCalls(open, createId)),
  ];
}

/** The closing piece of every message that was cut while it streamed. */
export function closeDrafts(ledger: Ledger, incomplete: Incomplete): Entry[] {
  return [...ledger.drafts.values()].map(({ handle, header }) => ({
    type: 'closed',
    of: handle,
    // Progress is not an answer that could be incomplete.
    ...(header.message_type === 'tool_progress' ? {} : { metadata: { incomplete } }),
  }));
}
