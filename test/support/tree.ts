import { expect } from 'vitest';
import type { Entry } from '../../src/session/entry.ts';
import { createFileStore } from '../../src/session/file-store/file-store.ts';
import { JournalState } from '../../src/session/journal-state.ts';
import type { Ledger } from '../../src/session/ledger.ts';
import { ownerOf } from '../../src/session/own-entries.ts';
import { readLedger } from '../../src/session/read-ledger.ts';
import { View } from '../../src/session/view.ts';
import { expectPaired, type SentMessage } from './guidance.ts';

/** A root and all that work for it, as their file tells, read by nobody who took part in writing it. */
export interface StoredTree {
  readonly entries: readonly Entry[];
  readonly state: JournalState;
  /** The words of each session, the root's first, then its children's in the order they joined. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
}

export async function readTree(root: string, sessionId: string): Promise<StoredTree> {
  const store = createFileStore(root);
  try {
    const { records = [] } = (await store.read(sessionId)) ?? {};
    const state = new JournalState(sessionId);
    for (const record of records) state.fold(record);
    const children = state.children.map((child) => [child.sessionId, readLedger(child.sessionId, records)] as const);
    const ledgers = new Map([[sessionId, state.ledger], ...children]);
    return { entries: records.flatMap((record) => record.entries), state, ledgers };
  } finally {
    await store.close();
  }
}

/** Every run of every session has ended, once; every message is closed; every call has its result. The root's end is the last. */
export function expectTreeAtRest({ entries, state, ledgers }: StoredTree): void {
  expect(entries.at(-1)).toMatchObject({ type: 'run_ended' });
  expect(ownerOf(entries.at(-1) as Entry)).toBeUndefined();
  for (const [sessionId, ledger] of ledgers) {
    const own = entries.filter((entry) => !('of' in entry) && (ownerOf(entry) ?? state.sessionId) === sessionId);
    const started = own.flatMap((entry) => (entry.type === 'run_started' ? [entry.run_id] : []));
    const ended = own.flatMap((entry) => (entry.type === 'run_ended' ? [entry.run_id] : []));
    expect([sessionId, ended]).toEqual([sessionId, [...new Set(started)]]);
    expect([sessionId, ledger.drafts.size, ledger.openCalls.size]).toEqual([sessionId, 0, 0]);
    const view = new View(ledger);
    expectPaired(view.fragments().map((fragment) => JSON.parse(fragment) as SentMessage));
  }
}
