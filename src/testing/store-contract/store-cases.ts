import assert from 'node:assert/strict';
import { isSageError, type SageErrorCode } from '../../errors.ts';
import type {
  JournalRecord,
  ReadResult,
  SessionStore,
  SessionWriter,
  StoreCursor,
} from '../../session/session-store.ts';

/** An empty place a store keeps its sessions in. Disposing it closes every store on it and removes what they stored. */
export interface StorePlace extends AsyncDisposable {
  readonly store: SessionStore;
  /** Another store on the same place, as another process would have it. */
  readonly openAnother: () => Promise<SessionStore>;
}

/** Promises of the contract, each by its name. */
export type StoreCases = Readonly<Record<string, (place: StorePlace) => Promise<void>>>;

export function record(seq: number, value: unknown = seq): JournalRecord {
  return { seq, at: 1_700_000_000.25 + seq, entries: [{ type: 'state', key: 'k', value }] };
}

export async function write(store: SessionStore, sessionId: string, ...seqs: readonly number[]): Promise<void> {
  await using writer: SessionWriter = await store.open(sessionId, { create: true });
  for (const seq of seqs) writer.append(record(seq));
}

export async function read(store: SessionStore, sessionId: string): Promise<ReadResult> {
  const result = await store.read(sessionId);
  assert.ok(result);
  return result;
}

/** Reads until no live owner has the session and nothing is left to read. */
export async function follow(store: SessionStore, sessionId: string): Promise<JournalRecord[]> {
  const seen: JournalRecord[] = [];
  let cursor: StoreCursor | undefined;
  for (;;) {
    const { state } = await store.owner(sessionId);
    const result = await store.read(sessionId, cursor);
    assert.ok(result);
    seen.push(...result.records);
    if (state !== 'live') return seen;
    cursor = result.cursor;
    await store.changed(sessionId, cursor);
  }
}

export async function rejectsWith(code: SageErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => isSageError(error, code));
}
