import assert from 'node:assert/strict';
import type { JournalRecord } from '../../session/session-store.ts';
import { record, write, read, type StoreCases } from './store-cases.ts';

/** What is read is what was appended. */
export const reading: StoreCases = {
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
