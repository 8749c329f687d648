import assert from 'node:assert/strict';
import { record, write, rejectsWith, type StoreCases } from './store-cases.ts';

/** Which sessions there are. */
export const keeping: StoreCases = {
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
