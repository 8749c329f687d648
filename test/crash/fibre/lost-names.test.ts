import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { expectTreeAtRest, readTree } from '../../support/tree.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn } from './continue.ts';
import { fibreOptions } from './fibre-program.ts';
import { plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { fixedChildren } from './tree-facts.ts';
import { expectWhole } from './whole-tree.ts';

test.each([
  ['missing', (path: string) => rmSync(path)],
  ['empty', (path: string) => truncateSync(path)],
])('names of children that are %s are mended by the continuation, and lead nowhere until then', async (_, lose) => {
  using root = new TemporaryRoot();
  const journal = await recordTree(root.path);
  const half = linesOf(journal)[90]?.end;
  const folder = plantTree(root.path, 'again', journal.subarray(0, half));
  const before = await readTree(folder, sessionId);
  const children = [...fixedChildren(before.entries).values()].flat();
  expect(children).toHaveLength(4);
  for (const child of children) lose(join(folder, child));

  await using agent = new SAgent({ sessionRootSpace: folder });
  const [child = ''] = children;
  expect(await agent.getSessionStatus(child)).toBeUndefined();
  expect(await agent.getMessages(child)).toBeUndefined();
  expect(await agent.interruptSession(child)).toBe(false);
  await expect(agent.injectUserMessage(child, 'Hello')).rejects.toMatchObject({ code: 'session-not-live' });
  await expect(agent.followSession(child).next()).rejects.toMatchObject({ code: 'session-not-found' });
  const alone = fibreOptions({ root: folder, sessionId: child, model: scriptedModel([]) });
  await expect(agent.runStream(alone).next()).rejects.toMatchObject({ code: 'session-not-found' });
  // From the root they are seen as ever.
  const listed = (await agent.listChildren(sessionId)) ?? [];
  expect(listed.map((one) => one.sessionId).toSorted()).toEqual(children.toSorted());

  const { outcome, tree } = await goOn(folder, { agent });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expectTreeAtRest(tree);
  expectWhole(tree);
  const store = createFileStore(folder);
  expect(await Promise.all(children.map((id) => store.rootOf(id)))).toEqual(children.map(() => sessionId));
  expect(await agent.getSessionStatus(child)).toBe('completed');
  await store.close();
});

test('a deleted tree leaves no names behind, also of children that a crash has kept from joining', async () => {
  using root = new TemporaryRoot();
  const journal = await recordTree(root.path);
  for (const { end } of linesOf(journal).slice(0, -1)) {
    const folder = plantTree(root.path, `cut-${end}`, journal.subarray(0, end));
    await using agent = new SAgent({ sessionRootSpace: folder });
    expect(await agent.deleteSession(sessionId)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  }
});
