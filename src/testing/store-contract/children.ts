import assert from 'node:assert/strict';
import { isSageError } from '../../errors.ts';
import { read, record, write, type StoreCases } from './store-cases.ts';

/** Children, which have no journal of their own. */
export const children: StoreCases = {
  async 'a child is found by its id, from every store, and is no session of its own'({ store, openAnother }) {
    {
      await using writer = await store.open('s', { create: true });
      writer.append(record(1));
      await writer.addChildren(['c-1', 'c-2']);
      await writer.addChildren(['c-2', 'c-3']);
      assert.equal(await store.rootOf('c-1'), 's');
    }
    const other = await openAnother();
    for (const child of ['c-1', 'c-2', 'c-3']) assert.equal(await other.rootOf(child), 's');
    assert.equal(await other.rootOf('s'), undefined);
    assert.equal(await other.rootOf('nobody'), undefined);
    assert.equal(await other.read('c-1'), undefined);
    assert.deepEqual(await other.list(), ['s']);
  },

  async 'a child cannot be opened, and trying changes nothing'({ store }) {
    {
      await using writer = await store.open('s', { create: true });
      writer.append(record(1));
      await writer.addChildren(['c']);
    }
    for (const create of [true, false]) await assert.rejects(store.open('c', { create }), isSageError);
    assert.equal(await store.rootOf('c'), 's');
    assert.deepEqual((await read(store, 's')).records, [record(1)]);
  },

  async 'children that are named are deleted with their root'({ store }) {
    {
      await using writer = await store.open('s', { create: true });
      writer.append(record(1));
      await writer.addChildren(['c']);
    }
    assert.equal(await store.delete('s', ['c']), true);
    assert.equal(await store.rootOf('c'), undefined);
    await write(store, 'c', 1);
    assert.deepEqual(await store.list(), ['c']);
  },
};
