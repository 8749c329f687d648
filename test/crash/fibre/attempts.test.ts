import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Entry } from '../../../src/session/entry.ts';
import { expectTreeAtRest, readTree } from '../../support/tree.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn } from './continue.ts';
import { plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { neverMind } from './team.ts';

test('a tree that crashed three times is not tried again, and a new message closes its children', async () => {
  using root = new TemporaryRoot();
  const first = plantTree(root.path, '1', cutInTheWorker(await recordTree(root.path), 1));
  const second = plantTree(root.path, '2', cutInTheWorker((await goOn(first)).journal, 2));
  const folder = plantTree(root.path, '3', cutInTheWorker((await goOn(second)).journal, 3));
  const before = await readTree(folder, sessionId);
  const open = before.state.children.filter(({ isOpen }) => isOpen);
  expect(open.map(({ joined, lastRun }) => [joined?.agent_id, lastRun?.attempt])).toContainEqual(['worker', 3]);

  const journal = readFileSync(join(folder, sessionId, 'journal.jsonl'));
  const refused = { code: 'invalid-argument', facts: { option: 'inputMessages' } };
  await expect(goOn(folder)).rejects.toMatchObject(refused);
  expect(readFileSync(join(folder, sessionId, 'journal.jsonl'))).toEqual(journal);

  const { outcome, requests, tree } = await goOn(folder, { input: neverMind });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expect([...requests.keys()]).toEqual(['master']);
  expectTreeAtRest(tree);
  const reasons = open.map(({ sessionId: id }) => tree.state.session(id)?.lastRun?.ended?.reason);
  expect(reasons).toEqual(open.map(() => 'crashed'));
});

/** Behind the line with which the worker has begun its attempt of that number. */
function cutInTheWorker(journal: Buffer, attempt: number): Buffer {
  const isBegun = (entry: Entry) =>
    entry.type === 'run_started' && entry.call !== undefined && entry.attempt === attempt;
  const end = linesOf(journal).find(({ start, end: stop }) =>
    (JSON.parse(journal.subarray(start, stop).toString()) as { entries: Entry[] }).entries.some(isBegun),
  )?.end;
  expect(end).toBeDefined();
  return journal.subarray(0, end);
}
