import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { thisProcess } from '../../../src/session/file-store/process-identity.ts';
import { toLockText } from '../../../src/session/file-store/lock-file.ts';
import { record, TemporaryRoot, write } from './support.ts';

test('a session at rest is a journal and a released lock', async () => {
  using root = new TemporaryRoot();
  await write(createFileStore(root.path), 's', 3);
  expect(readdirSync(root.file('s')).toSorted()).toEqual(['journal.jsonl', 'lock.1']);
});

test('the root is made when a session is', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.file('deep', 'er'));
  expect(await store.list()).toEqual([]);
  expect(existsSync(root.file('deep'))).toBe(false);
  await write(store, 's', 1);
  expect(await store.list()).toEqual(['s']);
});

test('an open that is refused, or closed without an append, leaves no folder', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  const writer = await store.open('s', { create: true });
  await expect(store.open('s', { create: true })).rejects.toMatchObject({ code: 'session-busy' });
  await writer.close();
  await expect(store.open('t', { create: false })).rejects.toMatchObject({ code: 'session-not-found' });
  await expect(store.open('x'.repeat(300), { create: true })).rejects.toMatchObject({ code: 'store-failed' });
  expect(readdirSync(root.path)).toEqual([]);
});

test('what a session folder holds besides its journal is left by a writer that appends nothing', async () => {
  using root = new TemporaryRoot();
  mkdirSync(root.file('s', 'inbox'), { recursive: true });
  const writer = await createFileStore(root.path).open('s', { create: true });
  await writer.close();
  expect(readdirSync(root.file('s'))).toEqual(['inbox']);
});

test('what an owner that died before its first append left is not found, and gone after', async () => {
  using root = new TemporaryRoot();
  mkdirSync(root.file('s'));
  writeFileSync(root.file('s', 'lock.1'), toLockText('own', { ...thisProcess(), started: '1' }));
  writeFileSync(root.file('s', 'lock.x.tmp'), '');
  await expect(createFileStore(root.path).open('s', { create: false })).rejects.toMatchObject({
    code: 'session-not-found',
  });
  expect(readdirSync(root.path)).toEqual([]);
});

test('delete removes all of a session', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 1);
  mkdirSync(root.file('s', 'inbox'));
  writeFileSync(root.file('s', 'inbox', 'answer.json'), '{}');
  expect(await store.delete('s')).toBe(true);
  expect(readdirSync(root.path)).toEqual([]);
});

test('a file in the place of a session is none', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  writeFileSync(root.file('child'), 'root');
  mkdirSync(root.file('empty'));
  expect(await store.list()).toEqual([]);
  expect(await store.read('child')).toBeUndefined();
  expect(await store.owner('child')).toEqual({ state: 'none' });
  expect(await store.delete('child')).toBe(false);
  await expect(store.open('child', { create: false })).rejects.toMatchObject({ code: 'session-not-found' });
  await expect(store.open('child', { create: true })).rejects.toMatchObject({ code: 'store-failed' });
});

test.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'a\0b'])('the id %j is refused everywhere', async (sessionId) => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  const refusal = { code: 'invalid-argument', facts: { option: 'sessionId', given: sessionId } };
  await expect(store.open(sessionId, { create: true })).rejects.toMatchObject(refusal);
  await expect(store.read(sessionId)).rejects.toMatchObject(refusal);
  await expect(store.changed(sessionId, {})).rejects.toMatchObject(refusal);
  await expect(store.owner(sessionId)).rejects.toMatchObject(refusal);
  await expect(store.delete(sessionId)).rejects.toMatchObject(refusal);
});

test('a change of the working folder does not move the store', async () => {
  using root = new TemporaryRoot();
  const before = process.cwd();
  process.chdir(root.path);
  const store = createFileStore('sessions');
  process.chdir(before);
  await using writer = await store.open('s', { create: true });
  writer.append(record(1));
  expect(existsSync(root.file('sessions', 's', 'journal.jsonl'))).toBe(true);
});
