import { fstatSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeFiles, type LogFiles } from '../../../src/session/file-store/append-log.ts';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { record, TemporaryRoot } from './support.ts';

test('a sync that resolves covers all that was appended before it was asked for', async () => {
  using root = new TemporaryRoot();
  const files = new HeldSyncs();
  const store = createFileStore(root.path, { files });
  const writer = await store.open('s', { create: true });
  const checks: Promise<void>[] = [];
  for (let seq = 1; seq <= 20; seq++) {
    writer.append(record(seq));
    const { offset } = writer.cursor();
    checks.push(writer.sync().then(() => expect(files.syncedBytes).toBeGreaterThanOrEqual(Number(offset))));
    if (seq % 3 === 0) await files.finishOne();
  }
  files.open();
  await Promise.all(checks);
  await store.close();
});

test('requests that wait share one sync; one that runs already is not shared', async () => {
  using root = new TemporaryRoot();
  const files = new HeldSyncs();
  const store = createFileStore(root.path, { files });
  const writer = await store.open('s', { create: true });
  writer.append(record(1));
  const first = writer.sync();
  await files.begun(1);
  writer.append(record(2));
  const later = Promise.all([writer.sync(), writer.sync(), writer.sync()]);
  files.open();
  await Promise.all([first, later]);
  expect(files.count).toBe(2);
  await store.close();
});

test('across the sessions of a store at most 16 syncs run at once', async () => {
  using root = new TemporaryRoot();
  const files = new HeldSyncs();
  const store = createFileStore(root.path, { files });
  const writers = await Promise.all(Array.from({ length: 20 }, (_, at) => store.open(`s${at}`, { create: true })));
  for (const writer of writers) writer.append(record(1));
  const synced = Promise.all(writers.map((writer) => writer.sync()));
  await files.begun(16);
  await new Promise((resolve) => setImmediate(resolve));
  expect(files.running).toBe(16);
  files.open();
  await synced;
  expect(files.most).toBe(16);
  expect(files.count).toBe(20);
  await store.close();
});

test('a writer that closes waits for its sync', async () => {
  using root = new TemporaryRoot();
  const files = new HeldSyncs();
  const store = createFileStore(root.path, { files });
  const writer = await store.open('s', { create: true });
  writer.append(record(1));
  const order: string[] = [];
  const synced = writer.sync().then(() => order.push('synced'));
  const closed = writer.close().then(() => order.push('closed'));
  await files.begun(1);
  expect((await store.owner('s')).state).toBe('live');
  files.open();
  await Promise.all([synced, closed]);
  expect(order).toEqual(['synced', 'closed']);
});

/** Syncs that end when they are told to. */
class HeldSyncs implements LogFiles {
  readonly writeSync = nodeFiles.writeSync;
  readonly ftruncateSync = nodeFiles.ftruncateSync;
  running = 0;
  most = 0;
  count = 0;
  /** The longest file as its sync began, of those that have ended. */
  syncedBytes = 0;
  #held: (() => void)[] = [];
  #isOpen = false;

  async fdatasync(fd: number): Promise<void> {
    const { size } = fstatSync(fd);
    this.count++;
    this.most = Math.max(this.most, ++this.running);
    if (!this.#isOpen) await new Promise<void>((resolve) => this.#held.push(resolve));
    this.running--;
    this.syncedBytes = Math.max(this.syncedBytes, size);
  }

  async begun(count: number): Promise<void> {
    while (this.count < count) await new Promise((resolve) => setImmediate(resolve));
  }

  async finishOne(): Promise<void> {
    while (this.#held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    this.#held.shift()?.();
  }

  open(): void {
    this.#isOpen = true;
    for (const finish of this.#held.splice(0)) finish();
  }
}
