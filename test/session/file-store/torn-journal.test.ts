import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { seqsIn, TemporaryRoot, write } from './support.ts';

test('cut at any byte, a journal reopens with exactly its whole lines', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 'whole', 4);
  const whole = readFileSync(root.file('whole', 'journal.jsonl'));

  await write(store, 's', 1);
  const journal = root.file('s', 'journal.jsonl');
  for (let length = 1; length <= whole.length; length++) {
    writeFileSync(journal, whole.subarray(0, length));
    const lines = whole.subarray(0, length).filter((byte) => byte === 0x0a).length;
    const seqs = [1, 2, 3, 4].slice(0, lines);
    expect(await seqsIn(store, 's')).toEqual(seqs);

    const writer = await store.open('s', { create: true });
    expect(writer.stored.records.map(({ seq }) => seq)).toEqual(seqs);
    expect(readFileSync(journal)).toEqual(whole.subarray(0, goodBytes(whole, length)));
    await writer.close();
  }
});

test('a torn tail is kept aside, and writing goes on where the whole lines end', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 2);
  const journal = root.file('s', 'journal.jsonl');
  const whole = readFileSync(journal);
  writeFileSync(journal, whole.subarray(0, -1));

  expect(await seqsIn(store, 's')).toEqual([1]);
  const writer = await store.open('s', { create: false });
  writer.append({ seq: 2, at: 0, entries: [] });
  await writer.close();

  expect(await seqsIn(store, 's')).toEqual([1, 2]);
  const line = whole.indexOf('\n') + 1;
  expect(readFileSync(root.file('s', 'journal.jsonl.torn.2'))).toEqual(whole.subarray(line, -1));
});

test('a reader leaves an unfinished line alone, and reads it when it is finished', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 2);
  const journal = root.file('s', 'journal.jsonl');
  const whole = readFileSync(journal);
  writeFileSync(journal, whole.subarray(0, -5));

  const first = await store.read('s');
  expect(first?.records.map(({ seq }) => seq)).toEqual([1]);
  expect(readFileSync(journal)).toEqual(whole.subarray(0, -5));
  writeFileSync(journal, whole);
  const next = await store.read('s', first?.cursor);
  expect(next?.records.map(({ seq }) => seq)).toEqual([2]);
});

test('a flipped bit before a good line is damage, refused with the offset of its line', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 4);
  const journal = root.file('s', 'journal.jsonl');
  const whole = readFileSync(journal);
  const second = whole.indexOf('\n') + 1;
  const third = whole.indexOf('\n', second) + 1;

  for (let bit = second * 8; bit < third * 8; bit++) {
    writeFileSync(journal, flip(whole, bit));
    const damage = { code: 'journal-damaged', facts: { sessionId: 's', offset: second } };
    await expect(store.read('s')).rejects.toMatchObject(damage);
    await expect(store.open('s', { create: true })).rejects.toMatchObject(damage);
  }
  expect(await store.owner('s')).toEqual({ state: 'none' });
  expect(readFileSync(journal)).toEqual(flip(whole, third * 8 - 1));
});

test('a flipped bit in the last line makes it a torn tail', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 3);
  const journal = root.file('s', 'journal.jsonl');
  const whole = readFileSync(journal);
  const last = whole.lastIndexOf('\n', -2) + 1;

  for (let bit = last * 8; bit < whole.length * 8; bit++) {
    writeFileSync(journal, flip(whole, bit));
    const writer = await store.open('s', { create: false });
    expect(writer.stored.records.map(({ seq }) => seq)).toEqual([1, 2]);
    const aside = `${journal}.torn.${writer.epoch}`;
    expect(readFileSync(aside)).toEqual(flip(whole, bit).subarray(last));
    rmSync(aside);
    await writer.close();
  }
});

test('a journal without one whole line is no session any more once its writer leaves', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 1);
  writeFileSync(root.file('s', 'journal.jsonl'), '{"seq":1,');
  const writer = await store.open('s', { create: true });
  await writer.close();
  expect(await store.list()).toEqual([]);
  expect(readdirSync(root.file('s'))).toEqual(['journal.jsonl.torn.2']);
});

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  const index = bit >> 3;
  flipped[index] = (flipped[index] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function goodBytes(whole: Buffer, length: number): number {
  return length === 0 ? 0 : whole.lastIndexOf('\n', length - 1) + 1;
}
