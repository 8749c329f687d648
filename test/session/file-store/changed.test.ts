import { getEventListeners } from 'node:events';
import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { OwnerProcess, ownerArgs, record, TemporaryRoot, write } from './support.ts';

test('the death of an owner in another process wakes who waits', async () => {
  using root = new TemporaryRoot();
  using owner = new OwnerProcess(process.execPath, ownerArgs(root.path, 's'));
  await owner.line();
  const store = createFileStore(root.path);
  const result = await store.read('s');
  const woken = keepAlive(store.changed('s', result?.cursor ?? {}));
  owner.child.kill('SIGKILL');
  await woken;
  expect(await store.owner('s')).toMatchObject({ state: 'dead' });
});

test('waiting for nothing lasts as long as the owner lives', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await using writer = await store.open('s', { create: true });
  writer.append(record(1));
  const follower = createFileStore(root.path);
  let isWoken = false;
  const woken = follower.changed('s', writer.cursor()).then(() => (isWoken = true));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(isWoken).toBe(false);
  writer.append(record(2));
  await keepAlive(woken);
});

test('who waits at a session nobody has is woken by the next look', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 1);
  const result = await store.read('s');
  await keepAlive(store.changed('s', result?.cursor ?? {}));
  expect(await store.owner('s')).toEqual({ state: 'none' });
});

test('an unfinished line that was seen is no news', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 1);
  appendFileSync(root.file('s', 'journal.jsonl'), '{"seq":2,');
  const result = await store.read('s');
  let isWoken = false;
  const woken = store.changed('s', result?.cursor ?? {}).then(() => (isWoken = true));
  await Promise.resolve();
  expect(isWoken).toBe(false);
  await keepAlive(woken);
});

test('waiting leaves no listener on the signal, however it ends', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  const writer = await store.open('s', { create: true });
  writer.append(record(1));
  const controller = new AbortController();
  const { signal } = controller;

  const byAppend = store.changed('s', writer.cursor(), signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  writer.append(record(2));
  await byAppend;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);

  const byAbort = store.changed('s', writer.cursor(), signal);
  controller.abort();
  await byAbort;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);

  const byClose = store.changed('s', writer.cursor(), new AbortController().signal);
  await writer.close();
  await byClose;
});

/** The store's timer does not keep a process alive that has nothing else to do. */
async function keepAlive(work: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => {}, 60_000);
  await work;
  clearInterval(timer);
}
