import assert from 'node:assert/strict';
import { isSageError } from '../../errors.ts';
import { record, write, rejectsWith, type StoreCases } from './store-cases.ts';

/** One writer, from `open` to `close`. */
export const owning: StoreCases = {
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
