import { describe, expect, test } from 'vitest';
import { SageError } from '../../src/errors.ts';
import type { Entry } from '../../src/session/entry.ts';
import type { JournalRecord } from '../../src/session/session-store.ts';
import { fixedClock } from '../../src/testing/fixed.ts';
import { added, newYear, openSession, replay, user } from './helpers.ts';

const record = (seq: number, ...entries: readonly Entry[]): JournalRecord => ({ seq, at: newYear, entries });
const begun: Entry = { type: 'journal', format: 1, session_id: 's', tenant_id: 't' };

describe('a journal', () => {
  test('stores entries as one record, with its number and its time', () => {
    const { journal, writer } = openSession({ clock: fixedClock(1_500, 1_000) });
    journal.append([begun, added(user('u1', 'Hi'))]);
    journal.append([added(user('u2', 'Ho'))]);
    expect(writer.records).toEqual([
      { seq: 1, at: 1.5, entries: [begun, added(user('u1', 'Hi'))] },
      { seq: 3, at: 2.5, entries: [added(user('u2', 'Ho'))] },
    ]);
  });

  test('stores nothing for no entries', () => {
    const { journal, writer } = openSession();
    expect(journal.append([])).toEqual([]);
    expect(writer.records).toEqual([]);
  });

  test('shows nothing, and changes nothing, when storing fails', () => {
    const { journal, writer, state } = openSession();
    writer.failure = new SageError('session-lost', 'Lost.', { sessionId: 's', epoch: 1 });
    expect(() => journal.append([added(user('u', 'Hi'))])).toThrow(writer.failure);
    expect([journal.takeShown(), state.ledger.messages(), state.nextSeq]).toEqual([[], [], 1]);
  });

  test('gives what was shown once, in the order it was stored', () => {
    const { journal } = openSession();
    const first = journal.append([added(user('u1', 'Hi'))]);
    const second = journal.append([added(user('u2', 'Ho'))]);
    expect(journal.takeShown()).toEqual([...first, ...second]);
    expect(journal.takeShown()).toEqual([]);
  });

  test('shows nothing of a hidden message, but keeps it', () => {
    const { journal, state } = openSession();
    const hidden = ['hidden_from_chat', 'hide_from_chat'].map((flag) => ({
      ...user(flag, 'x'),
      metadata: { [flag]: true },
    }));
    const silent = { ...user('sse', 'x'), metadata: { sse_visible: false } };
    expect(journal.append([...hidden, silent].map(added))).toEqual([]);
    expect(journal.takeShown()).toEqual([]);
    expect(state.ledger.messages()).toHaveLength(3);
  });

  test('syncs and closes its writer', async () => {
    const { journal, writer } = openSession();
    {
      await using open = journal;
      open.append([begun]);
      await open.sync();
    }
    expect([writer.synced, writer.isClosed]).toEqual([[1], true]);
  });
});

describe('folding records', () => {
  test('keeps how the journal started', () => {
    expect(replay([record(1, begun)]).started).toEqual(begun);
  });

  test.each([
    ['missing', [record(1, begun), record(3)]],
    ['doubled', [record(1, begun), record(1, begun)]],
  ])('refuses a journal with a %s line', (_, records) => {
    const damaged = expect.objectContaining({ code: 'journal-damaged', facts: { sessionId: 's', offset: 0 } });
    expect(() => replay(records)).toThrow(damaged);
  });

  test('refuses a format of another version, and names it', () => {
    const future = { ...begun, format: 2 } as unknown as Entry;
    expect(() => replay([record(1, future)])).toThrow(
      expect.objectContaining({ code: 'store-failed', message: expect.stringContaining('format 2') }),
    );
  });
});
