import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { InboxMessage, InterruptMessage } from '../../session/inbox-message.ts';
import { record, write, type StoreCases } from './store-cases.ts';

const interrupt = (run_id: string): InterruptMessage => ({ type: 'interrupt', run_id });

/** Resolves when `received` holds as many messages; whoever runs the case says when that takes too long. */
async function until(received: readonly InboxMessage[], count: number): Promise<void> {
  while (received.length < count) await setTimeout(5);
}

/** What one process asks of another. */
export const sending: StoreCases = {
  async 'what is sent to a session is handed over in order, whichever store it comes from'({ store, openAnother }) {
    await write(store, 's', 1);
    const received: InboxMessage[] = [];
    const stop = store.receive('s', (message) => void received.push(message));
    const other = await openAnother();
    for (const name of ['a', 'b', 'c', 'd']) await other.send('s', interrupt(name));
    await until(received, 4);
    assert.deepEqual(received, ['a', 'b', 'c', 'd'].map(interrupt));
    await store.send('s', { ...interrupt('e'), reason: 'Enough: "it" …' });
    await until(received, 5);
    assert.deepEqual(received.at(-1), { ...interrupt('e'), reason: 'Enough: "it" …' });
    stop();
  },

  async 'an answer is handed over as it was sent, to a child too'({ store, openAnother }) {
    await write(store, 's', 1);
    const answers: InboxMessage[] = [
      { type: 'answer', confirmation_id: 'c', decision: 'deny', by: 'anna' },
      {
        type: 'answer',
        session_id: 'child',
        confirmation_id: 'd',
        decision: 'allow-session',
        digest: 'f00',
        arguments: { path: 'a "b" …', lines: [1, null, { deep: true }] },
        by: 'bob',
      },
      { type: 'answer', confirmation_id: 'e', decision: 'allow-once', answer: { text: '' }, by: 'carl' },
      { type: 'answer', confirmation_id: 'f', decision: 'allow-once', answer: false, by: 'carl' },
    ];
    const received: InboxMessage[] = [];
    const stop = store.receive('s', (message) => void received.push(message));
    const other = await openAnother();
    for (const answer of answers) await other.send('s', answer);
    await until(received, answers.length);
    assert.deepEqual(received, answers);
    stop();
  },

  async 'what is sent before somebody receives is kept for them'({ store, openAnother }) {
    await write(store, 's', 1);
    await (await openAnother()).send('s', interrupt('a'));
    const received: InboxMessage[] = [];
    const stop = store.receive('s', (message) => void received.push(message));
    await until(received, 1);
    stop();
  },

  async 'what is sent to one session is not handed to another'({ store, openAnother }) {
    await write(store, 's', 1);
    await write(store, 's-2', 1);
    const other = await openAnother();
    const strange: InboxMessage[] = [];
    const received: InboxMessage[] = [];
    const stops = [
      store.receive('s', (message) => void strange.push(message)),
      store.receive('s-2', (message) => void received.push(message)),
    ];
    await other.send('s-2', interrupt('a'));
    await until(received, 1);
    assert.deepEqual(strange, []);
    for (const stop of stops) stop();
  },

  async 'what was withdrawn, and what was sent to a session since deleted, is not handed over'({ store, openAnother }) {
    await write(store, 's', 1);
    const other = await openAnother();
    await other.send('s', interrupt('before'));
    await store.delete('s');
    await write(store, 's', 1);
    await (await other.send('s', interrupt('withdrawn'))).withdraw();
    await other.send('s', interrupt('a'));
    const received: InboxMessage[] = [];
    const stop = store.receive('s', (message) => void received.push(message));
    await until(received, 1);
    assert.deepEqual(received, [interrupt('a')]);
    stop();
  },

  async 'messages are no session'({ store, openAnother }) {
    await write(store, 's', 1);
    await (await openAnother()).send('s', interrupt('a'));
    assert.deepEqual(await store.list(), ['s']);
    assert.deepEqual((await store.read('s'))?.records, [record(1)]);
  },
};
