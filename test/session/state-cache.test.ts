import { describe, expect, test } from 'vitest';
import { JournalState } from '../../src/session/journal-state.ts';
import type { JournalRecord, ReadResult, SessionStore, StoreCursor } from '../../src/session/session-store.ts';
import { StateCache } from '../../src/session/state-cache.ts';
import { added, user } from './helpers.ts';

const record = (seq: number, content = ''): JournalRecord => ({
  seq,
  at: 0,
  entries: [added(user(`u${seq}`, content))],
});

/** A state of 400 bytes and twice the text, as the cache weighs it. */
function state(sessionId: string, text = ''): JournalState {
  const folded = new JournalState(sessionId);
  folded.fold(record(1, text));
  return folded;
}

/** A store of one journal that writes down what it was asked. */
function createStore(records: readonly JournalRecord[]) {
  const asked: (StoreCursor | undefined)[] = [];
  const read = async (sessionId: string, cursor?: StoreCursor): Promise<ReadResult | undefined> => {
    asked.push(cursor);
    if (sessionId !== 's') return undefined;
    const known = cursor === undefined ? 0 : Number(cursor['at']);
    return { records: records.slice(known), cursor: { at: records.length }, fromStart: cursor === undefined };
  };
  return { asked, store: { read } as unknown as SessionStore };
}

describe('a state cache', () => {
  test('gives a state out once, with the cursor it stands at', () => {
    const cache = new StateCache();
    const a = state('a');
    cache.put(a, { at: 1 });
    expect(cache.take('a')).toEqual({ state: a, cursor: { at: 1 } });
    expect(cache.take('a')).toBeUndefined();
  });

  test('lets the least recently used out first', () => {
    const cache = new StateCache(1_200);
    for (const id of ['a', 'b', 'c']) cache.put(state(id), {});
    cache.put(cache.take('a')?.state as JournalState, {});
    cache.put(state('d'), {});
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.take(id) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  test('counts weight: a heavy state costs several light ones', () => {
    const cache = new StateCache(1_200);
    for (const id of ['a', 'b', 'c']) cache.put(state(id), {});
    cache.put(state('heavy', 'x'.repeat(200)), {});
    expect(['a', 'b', 'c', 'heavy'].filter((id) => cache.take(id) !== undefined)).toEqual(['c', 'heavy']);
  });

  test('does not keep what is heavier than all it may hold, nor what it replaces', () => {
    const cache = new StateCache(500);
    cache.put(state('a'), {});
    cache.put(state('a', 'x'.repeat(200)), {});
    expect(cache.take('a')).toBeUndefined();
    cache.put(state('b'), {});
    expect(cache.take('b')).toBeDefined();
  });

  test('forgets on demand', () => {
    const cache = new StateCache();
    cache.put(state('a'), {});
    cache.forget('a');
    cache.forget('unknown');
    expect(cache.take('a')).toBeUndefined();
  });
});

describe('reading through the cache', () => {
  test('reads only what is new', async () => {
    const records = [record(1)];
    const { asked, store } = createStore(records);
    const cache = new StateCache();
    const first = await cache.read(store, 's');
    records.push(record(2));
    expect(await cache.read(store, 's')).toBe(first);
    expect(first?.nextSeq).toBe(3);
    expect(asked).toEqual([undefined, { at: 1 }]);
  });

  test('knows no state of an unknown session', async () => {
    const { store } = createStore([]);
    expect(await new StateCache().read(store, 'other')).toBeUndefined();
  });

  test('starts from the beginning while somebody else folds into the state', async () => {
    const { asked, store } = createStore([record(1), record(2)]);
    const cache = new StateCache();
    await cache.read(store, 's');
    const [one, other] = await Promise.all([cache.read(store, 's'), cache.read(store, 's')]);
    expect(asked).toEqual([undefined, { at: 2 }, undefined]);
    expect(other).not.toBe(one);
    expect([one?.nextSeq, other?.nextSeq]).toEqual([3, 3]);
  });

  test('starts over when the cursor no longer fits the journal', async () => {
    const cache = new StateCache();
    cache.put(state('s', 'before the repair'), { at: 9 });
    const store = { read: async () => ({ records: [record(1, 'after')], cursor: { at: 1 }, fromStart: true }) };
    const read = await cache.read(store as unknown as SessionStore, 's');
    expect(read?.ledger.messages().map(({ content }) => content)).toEqual(['after']);
  });
});
