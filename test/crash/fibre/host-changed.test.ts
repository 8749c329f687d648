import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectTreeAtRest, readTree } from '../../support/tree.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn } from './continue.ts';
import { plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { taskResults } from './team.ts';
import { fixedChildren, resultsOf } from './tree-facts.ts';
import { expectWhole } from './whole-tree.ts';

test.each(['simple', 'multi'] as const)(
  'a run with children goes on in the mode it had, also where it is continued with agentMode "%s"',
  async (agentMode) => {
    using root = new TemporaryRoot();
    const folder = plantTree(root.path, 'again', await cutBehindTheBoss(root.path));
    const { outcome, tree } = await goOn(folder, { more: { agentMode } });
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
    expectTreeAtRest(tree);
    expectWhole(tree);
    expect(tree.state.lastRun?.agentMode).toBe('fibre');
  },
);

test('an agent the host no longer gives: who had ended gives its result, who had not has failed', async () => {
  using root = new TemporaryRoot();
  const folder = plantTree(root.path, 'again', await cutBehindTheBoss(root.path));
  const before = await readTree(folder, sessionId);
  const { outcome, requests, tree } = await goOn(folder, { more: { customSubAgents: [] } });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expect([...requests.keys()]).toEqual(['master']);
  expectTreeAtRest(tree);

  const [delegation = '', children = []] = [...fixedChildren(before.entries)][0] ?? [];
  const [, boss] = taskResults(resultsOf(tree, delegation).join(''));
  expect(taskResults(resultsOf(tree, delegation).join(''))).toMatchObject([
    { session_id: children[0], agent_id: 'worker', status: 'failed', error: 'There is no agent "worker" any more.' },
    { session_id: children[1], agent_id: 'boss', status: 'completed', result: expect.stringContaining('The wall') },
    { session_id: children[2], agent_id: 'scribe', status: 'completed', result: 'It is written.' },
  ]);
  expect(boss).not.toHaveProperty('error');
  expect(tree.state.session(children[0] ?? '')?.lastRun?.ended).toMatchObject({ reason: 'crashed' });
});

/** The boss and the scribe have ended, and the worker has not. */
async function cutBehindTheBoss(root: string): Promise<Buffer> {
  await recordTree(root);
  const { entries, state } = await readTree(root, sessionId);
  const boss = state.children.find(({ joined }) => joined?.agent_id === 'boss')?.sessionId;
  const journal = readFileSync(`${root}/${sessionId}/journal.jsonl`);
  const end = linesOf(journal).find(({ start, end: stop }) => {
    const record = JSON.parse(journal.subarray(start, stop).toString()) as { readonly entries: typeof entries };
    return record.entries.some((entry) => entry.type === 'run_ended' && entry.session_id === boss);
  })?.end;
  return journal.subarray(0, end);
}
