import assert from 'node:assert/strict';
import { isSageError, type SageErrorCode } from '../errors.ts';
import type { JournalRecord, ReadResult, SessionStore, SessionWriter, StoreCursor } from '../session/session-store.ts';

/** An empty place a store keeps its sessions in. Disposing it closes every store on it and removes what they stored. */
export interface StorePlace extends AsyncDisposable {
  readonly store: SessionStore;
  /** Another store on the same place, as another process would have it. */
  readonly openAnother: () => Promise<SessionStore>;
}

/** One promise of the contract, and the run that holds a store to it. */
interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What every `SessionStore` must honour, one case a behaviour. `createPlace` is called for each case. */
export function storeContract(createPlace: () => Promise<StorePlace>): readonly ContractCase[] {
  return Object.entries({ ...owning, ...reading, ...waiting, ...keeping }).map(([name, check]) => ({
    name,
    async run() {
      await using place = await createPlace();
      await check(place);
    },
  }));
}

type Cases = Readonly<Record<string, (place: StorePlace) => Promise<void>>>;

/** One writer, from `open` to `close`. */
const owning: Cases = {
  async 'a session has one writer, and the second one is told who it is'({ store, openAnother }) {
    await using writer = await store.open('s', { create: true });
    await rejectsWith('session-busy', store.open('s', { create: true }));

    const other = await openAnother();
    await assert.rejects(other.open('s', { create: true }), (error) => {
      assert.ok(isSageError(error, 'session-busy'));
      assert.equal(error.facts.sessionId, 's');
      assert.ok(error.facts.owner);
      return true;
    });
    writer.append(record(1));
  },

  async 'a session may be opened again once its writer has closed, by any store'({ store, openAnother }) {
    const other = await openAnother();
    await write(store, 's', 1);
    await write(other, 's', 2);
    await using writer = await store.open('s', { create: false });
    assert.deepEqual(writer.stored.records, [record(1), record(2)]);
  },

  async 'each writer has a higher epoch than all before it'({ store, openAnother }) {
    const epochs: number[] = [];
    for (const opener of [store, await openAnother(), store, store]) {
      await using writer = await opener.open('s', { create: true });
      writer.append(record(epochs.length + 1));
      epochs.push(writer.epoch);
    }
    assert.deepEqual(
      epochs,
      [...new Set(epochs)].sort((a, b) => a - b),
    );
  },

  async 'of many stores that open a session at once, one gets it'({ store, openAnother }) {
    const stores = [store, ...(await Promise.all(Array.from({ length: 7 }, openAnother)))];
    const openings = await Promise.allSettled(stores.map((each) => each.open('s', { create: true })));
    const writers = openings.flatMap((opening) => (opening.status === 'fulfilled' ? [opening.value] : []));
    assert.equal(writers.length, 1);
    for (const opening of openings) {
      if (opening.status === 'rejected') assert.ok(isSageError(opening.reason, 'session-busy'));
    }
    await writers[0]?.close();
  },

  async 'the owner is none, then live, then none again'({ store, openAnother }) {
    const other = await openAnother();
    assert.deepEqual(await other.owner('s'), { state: 'none' });
    const writer = await store.open('s', { create: true });
    writer.append(record(1));
    assert.equal((await other.owner('s')).state, 'live');
    assert.equal((await store.owner('s')).state, 'live');
    await writer.close();
    assert.deepEqual(await other.owner('s'), { state: 'none' });
  },

  async 'a closed writer refuses to write, and may be closed again'({ store }) {
    const writer = await store.open('s', { create: true });
    writer.append(record(1));
    await writer.close();
    await writer.close();
    assert.throws(
      () => writer.append(record(2)),
      (error) => isSageError(error, 'store-failed'),
    );
    await rejectsWith('store-failed', writer.sync());
    assert.deepEqual((await store.read('s'))?.records, [record(1)]);
  },

  async 'a sync asked for before the end is done at the end'({ store }) {
    const writer = await store.open('s', { create: true });
    writer.append(record(1));
    const synced = Promise.all([writer.sync(), writer.sync()]);
    await writer.close();
    await synced;
  },

  async 'a writer that appended nothing leaves no session behind'({ store }) {
    const writer = await store.open('s', { create: true });
    assert.deepEqual(writer.stored.records, []);
    await writer.sync();
    await writer.close();
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.read('s'), undefined);
  },

  async 'closing a store closes its writers, and wakes who waits'({ store, openAnother }) {
    const other = await openAnother();
    const writer = await store.open('s', { create: true });
    writer.append(record(1));
    const woken = store.changed('s', writer.cursor());
    await store.close();
    await woken;
    assert.deepEqual(await other.owner('s'), { state: 'none' });
    await rejectsWith('store-failed', store.open('s', { create: true }));
  },
};

/** What is read is what was appended. */
const reading: Cases = {
  async 'what is appended is read back as it was, while the writer is open and after'({ store, openAnother }) {
    const other = await openAnother();
    const writer = await store.open('s', { create: true });
    for (const seq of [1, 2, 3]) writer.append(record(seq));
    assert.deepEqual((await other.read('s'))?.records, [record(1), record(2), record(3)]);

    await writer.close();
    assert.deepEqual((await other.read('s'))?.records, [record(1), record(2), record(3)]);
  },

  async 'any text and any value survive'({ store }) {
    const values = ['', 'a\nb\r\n\u2028\0', '"crc":"00000000"}', '漢字 👩‍👩‍👧', '\ud800', { deep: [null, -0.5, [[]]] }];
    await using writer = await store.open('s', { create: true });
    const stored = values.map((value, index) => record(index + 1, value));
    for (const each of stored) writer.append(each);
    assert.deepEqual((await store.read('s'))?.records, stored);
  },

  async 'a cursor reads on from where it was given'({ store, openAnother }) {
    const other = await openAnother();
    await using writer = await store.open('s', { create: true });
    writer.append(record(1));
    const first = await other.read('s');
    assert.equal(first?.fromStart, true);

    const nothingNew = await other.read('s', first.cursor);
    assert.deepEqual(nothingNew, { records: [], cursor: first.cursor, fromStart: false });

    writer.append(record(2));
    writer.append(record(3));
    const next = await other.read('s', first.cursor);
    assert.deepEqual(next?.records, [record(2), record(3)]);
    assert.equal(next.fromStart, false);
    assert.deepEqual((await other.read('s', writer.cursor()))?.records, []);
  },

  async 'a cursor survives JSON, and opens for writing'({ store, openAnother }) {
    await write(store, 's', 1);
    const { cursor } = await read(store, 's');
    await write(await openAnother(), 's', 2);
    await using writer = await store.open('s', { create: false, cursor: JSON.parse(JSON.stringify(cursor)) });
    assert.deepEqual(writer.stored.records, [record(2)]);
    assert.equal(writer.stored.fromStart, false);
    writer.append(record(3));
    assert.deepEqual((await store.read('s', writer.stored.cursor))?.records, [record(3)]);
  },

  async 'a cursor from before a session was deleted does not fit the one made anew'({ store }) {
    await write(store, 's', 1);
    const { cursor } = await read(store, 's');
    await store.delete('s');
    await write(store, 's', 2, 3);
    const again = await store.read('s', cursor);
    assert.deepEqual(again?.records, [record(2), record(3)]);
    assert.equal(again.fromStart, true);
  },

  async 'a cursor that no store gave reads from the start'({ store }) {
    await write(store, 's', 1);
    for (const cursor of [{}, { offset: 5 }, { offset: 'x', ino: null }]) {
      assert.deepEqual((await store.read('s', cursor))?.records, [record(1)]);
    }
  },

  async 'a reader never sees half a record'({ store, openAnother }) {
    const other = await openAnother();
    await using writer = await store.open('s', { create: true });
    const large = 'x'.repeat(100_000);
    const seen: JournalRecord[] = [];
    let cursor = writer.cursor();
    for (let seq = 1; seq <= 20; seq++) {
      const reading = other.read('s', cursor);
      writer.append(record(seq, large));
      const result = await reading;
      seen.push(...(result?.records ?? []));
      cursor = result?.cursor ?? cursor;
    }
    seen.push(...((await other.read('s', cursor))?.records ?? []));
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, index) => record(index + 1, large)),
    );
  },

  async 'sessions do not know of one another'({ store }) {
    await using a = await store.open('a', { create: true });
    await using b = await store.open('b', { create: true });
    a.append(record(1, 'of a'));
    b.append(record(1, 'of b'));
    assert.deepEqual((await store.read('a'))?.records, [record(1, 'of a')]);
    assert.deepEqual((await store.read('b'))?.records, [record(1, 'of b')]);
  },
};

/** Following a session that is being written. */
const waiting: Cases = {
  async 'a follower sees everything, in order, and the end'({ store, openAnother }) {
    const follower = await openAnother();
    const writer = await store.open('s', { create: true });
    writer.append(record(1));
    const following = follow(follower, 's');
    for (let seq = 2; seq <= 30; seq++) {
      writer.append(record(seq));
      if (seq % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await writer.close();
    assert.deepEqual(
      await following,
      Array.from({ length: 30 }, (_, index) => record(index + 1)),
    );
  },

  async 'an append wakes who waits, in this store and in others'({ store, openAnother }) {
    const other = await openAnother();
    await using writer = await store.open('s', { create: true });
    writer.append(record(1));
    for (const waiter of [store, other]) {
      const { cursor } = await read(waiter, 's');
      const woken = waiter.changed('s', cursor);
      writer.append(record(2));
      await woken;
    }
  },

  async 'who waits for what is there already does not wait'({ store }) {
    await using writer = await store.open('s', { create: true });
    const before = writer.cursor();
    writer.append(record(1));
    await store.changed('s', before);
  },

  async 'the end of a writer wakes who waits, in this store and in others'({ store, openAnother }) {
    for (const waiter of [store, await openAnother()]) {
      const writer = await store.open('s', { create: true });
      writer.append(record(1));
      const { cursor } = await read(waiter, 's');
      const woken = waiter.changed('s', cursor);
      await writer.close();
      await woken;
    }
  },

  async 'an abort wakes who waits'({ store, openAnother }) {
    await using writer = await store.open('s', { create: true });
    writer.append(record(1));
    for (const waiter of [store, await openAnother()]) {
      const { cursor } = await read(waiter, 's');
      const controller = new AbortController();
      const woken = waiter.changed('s', cursor, controller.signal);
      controller.abort();
      await woken;
      await waiter.changed('s', cursor, controller.signal);
    }
  },
};

/** Which sessions there are. */
const keeping: Cases = {
  async 'an unknown session is not there'({ store }) {
    assert.equal(await store.read('s'), undefined);
    assert.equal(await store.delete('s'), false);
    await rejectsWith('session-not-found', store.open('s', { create: false }));
    assert.deepEqual(await store.list(), []);
  },

  async 'list names every session, written or being written'({ store, openAnother }) {
    await write(store, 'a', 1);
    await write(await openAnother(), 'b.c_d-1', 1);
    await using writer = await store.open('z', { create: true });
    writer.append(record(1));
    assert.deepEqual([...(await store.list())].sort(), ['a', 'b.c_d-1', 'z']);
  },

  async 'a deleted session is gone, and its id may be used again'({ store, openAnother }) {
    await write(store, 's', 1);
    assert.equal(await (await openAnother()).delete('s'), true);
    assert.equal(await store.read('s'), undefined);
    assert.deepEqual(await store.list(), []);
    await write(store, 's', 7);
    assert.deepEqual((await store.read('s'))?.records, [record(7)]);
  },

  async 'a session that is being written cannot be deleted'({ store, openAnother }) {
    await using writer = await store.open('s', { create: true });
    writer.append(record(1));
    await rejectsWith('session-busy', store.delete('s'));
    await rejectsWith('session-busy', (await openAnother()).delete('s'));
    writer.append(record(2));
    assert.deepEqual((await store.read('s'))?.records, [record(1), record(2)]);
  },
};

function record(seq: number, value: unknown = seq): JournalRecord {
  return { seq, at: 1_700_000_000.25 + seq, entries: [{ type: 'state', key: 'k', value }] };
}

async function write(store: SessionStore, sessionId: string, ...seqs: readonly number[]): Promise<void> {
  await using writer: SessionWriter = await store.open(sessionId, { create: true });
  for (const seq of seqs) writer.append(record(seq));
}

async function read(store: SessionStore, sessionId: string): Promise<ReadResult> {
  const result = await store.read(sessionId);
  assert.ok(result);
  return result;
}

/** Reads until no live owner has the session and nothing is left to read. */
async function follow(store: SessionStore, sessionId: string): Promise<JournalRecord[]> {
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

async function rejectsWith(code: SageErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => isSageError(error, code));
}
