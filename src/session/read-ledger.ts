import { spanOf } from './entry.ts';
import type { GuidanceQueue } from './guidance-queue.ts';
import { Ledger } from './ledger.ts';
import { ownerOf } from './own-entries.ts';
import type { JournalRecord } from './session-store.ts';

/** The words of one child, from all the records of its tree. */
export function readLedger(childId: string, records: readonly JournalRecord[], guidance?: GuidanceQueue): Ledger {
  const ledger = new Ledger(childId, guidance);
  for (const { seq, at, entries } of records) {
    let place = seq;
    for (const entry of entries) {
      // A ledger knows its own streamed messages, and passes those of others by.
      if ('of' in entry || ownerOf(entry) === childId) ledger.fold(entry, at, place);
      place += spanOf(entry);
    }
  }
  return ledger;
}
