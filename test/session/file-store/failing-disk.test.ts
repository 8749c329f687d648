import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { FaultyFiles } from '../../../src/testing/faulty-files.ts';
import { record, seqsIn, TemporaryRoot, write } from './support.ts';

const lineBytes = 96;

test('short writes add up to whole lines', async () => {
  using root = new TemporaryRoot();
  const files = new FaultyFiles();
  const store = createFileStore(root.path, { files });
  await using writer = await store.open('s', { create: true });
  for (let bytes = 1; bytes <= lineBytes; bytes++) {
    files.largestWrite = bytes;
    writer.append(record(bytes));
  }
  expect((await seqsIn(store, 's'))?.length).toBe(lineBytes);
});

test('a disk that is full at any byte of a line leaves the lines before it, whole', async () => {
  using root = new TemporaryRoot();
  await write(createFileStore(root.path), 's', 1);
  const whole = readFileSync(root.file('s', 'journal.jsonl'));
  expect(whole.length).toBeLessThan(lineBytes);

  for (let room = 0; room < whole.length; room++) {
    const files = new FaultyFiles();
    const store = createFileStore(root.path, { files });
    const writer = await store.open('s', { create: false });
    files.room = room;
    files.largestWrite = 7;
    expect(() => writer.append(record(2))).toThrow(/Session "s": the file store failed to append: ENOSPC/);
    expect(readFileSync(root.file('s', 'journal.jsonl'))).toEqual(whole);
    await writer.close();
  }
});

test('after a failed write every call throws that failure, though the disk has room again', async () => {
  using root = new TemporaryRoot();
  const files = new FaultyFiles();
  const store = createFileStore(root.path, { files });
  const writer = await store.open('s', { create: true });
  writer.append(record(1));
  files.room = 10;
  const failure = thrownBy(() => writer.append(record(2)));
  expect(failure).toMatchObject({ code: 'store-failed', facts: { sessionId: 's', operation: 'append' } });

  files.room = Number.POSITIVE_INFINITY;
  expect(thrownBy(() => writer.append(record(2)))).toBe(failure);
  await expect(writer.sync()).rejects.toBe(failure);
  await writer.close();
  expect(await seqsIn(store, 's')).toEqual([1]);
});

test('if even taking the half line back fails, the next owner finds a torn tail', async () => {
  using root = new TemporaryRoot();
  const files = new FaultyFiles();
  const store = createFileStore(root.path, { files });
  await using writer = await store.open('s', { create: true });
  writer.append(record(1));
  files.room = 10;
  files.truncate = 'fails';
  expect(() => writer.append(record(2))).toThrow(/ENOSPC/);
  await writer.close();

  await using next = await createFileStore(root.path).open('s', { create: false });
  expect(next.stored.records).toEqual([record(1)]);
  next.append(record(2));
  expect(await seqsIn(store, 's')).toEqual([1, 2]);
});

test('a first line that does not fit leaves no session', async () => {
  using root = new TemporaryRoot();
  const files = new FaultyFiles();
  const store = createFileStore(root.path, { files });
  const writer = await store.open('s', { create: true });
  files.room = 10;
  expect(() => writer.append(record(1))).toThrow(/ENOSPC/);
  await writer.close();
  expect(await store.list()).toEqual([]);
});

test('a failed sync is never tried again', async () => {
  using root = new TemporaryRoot();
  const files = new FaultyFiles();
  const store = createFileStore(root.path, { files });
  await using writer = await store.open('s', { create: true });
  writer.append(record(1));
  files.sync = 'fails';
  const failure = await writer.sync().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store-failed', facts: { operation: 'sync' } });

  files.sync = 'works';
  await expect(writer.sync()).rejects.toBe(failure);
  expect(thrownBy(() => writer.append(record(2)))).toBe(failure);
  expect(files.syncs).toBe(1);
});

test('a value that is no JSON is refused before a byte is written, and the writer goes on', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await using writer = await store.open('s', { create: true });
  expect(() => writer.append(record(1, 1n))).toThrow(TypeError);
  writer.append(record(1));
  expect(await seqsIn(store, 's')).toEqual([1]);
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
