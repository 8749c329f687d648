import assert from 'node:assert/strict';
import { record, read, follow, type StoreCases } from './store-cases.ts';

/** Following a session that is being written. */
export const waiting: StoreCases = {
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
