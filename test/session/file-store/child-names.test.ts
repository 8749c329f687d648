import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { TemporaryRoot, write } from './support.ts';

test('names of children that a loss of power has emptied lead nowhere, and to their root once they are added again', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  await write(store, 's', 1);
  await addChildren(root, ['a', 'b']);
  // All of them, and the file they are names of.
  truncateSync(root.file('a'));
  expect([await store.rootOf('a'), await store.rootOf('b')]).toEqual([undefined, undefined]);
  expect(await store.list()).toEqual(['s']);

  await addChildren(root, ['b', 'c', 'a']);
  expect(['a', 'b', 'c'].map((child) => readFileSync(root.file(child), 'utf8'))).toEqual(['s', 's', 's']);
  expect(readdirSync(root.path).toSorted()).toEqual(['a', 'b', 'c', 's']);
  expect(readdirSync(root.file('s')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('one empty name among whole ones is mended alone', async () => {
  using root = new TemporaryRoot();
  await write(createFileStore(root.path), 's', 1);
  await addChildren(root, ['a']);
  writeFileSync(root.file('b'), '');
  const { ino } = statSync(root.file('a'));
  await addChildren(root, ['a', 'b']);
  expect([statSync(root.file('a')).ino, statSync(root.file('b')).ino]).toEqual([ino, ino]);
});

test.each([
  ['a session', (root: TemporaryRoot) => mkdirSync(root.file('c'))],
  ['a child of another session', (root: TemporaryRoot) => writeFileSync(root.file('c'), 'other')],
])('a name that %s has is not taken from it', async (_, occupy) => {
  using root = new TemporaryRoot();
  await write(createFileStore(root.path), 's', 1);
  occupy(root);
  await expect(addChildren(root, ['c'])).rejects.toMatchObject({ code: 'store-failed' });
  expect(statSync(root.file('c')).isDirectory() || readFileSync(root.file('c'), 'utf8') === 'other').toBe(true);
});

/** As the next writer of the session. */
async function addChildren(root: TemporaryRoot, children: readonly string[]): Promise<void> {
  await using writer = await createFileStore(root.path).open('s', { create: false });
  await writer.addChildren(children);
}
