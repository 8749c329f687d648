import { expect, test } from 'vitest';
import { SAgent, type RunOptions } from 'sagents';
import { View } from '../../../src/session/view.ts';
import { expectTreeAtRest, readTree, type StoredTree } from '../../support/tree.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn } from './continue.ts';
import { guidance, plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { askAgain, neverMind, taskResults } from './team.ts';
import { callsIn, fixedChildren, resultsOf, roles } from './tree-facts.ts';

test(
  'cut after any line, a tree takes a new message: nothing in it is run again, and its children can be used again',
  { timeout: 120_000 },
  async () => {
    using root = new TemporaryRoot();
    const journal = await recordTree(root.path);
    let reused = 0;
    for (const [place, { end }] of linesOf(journal).slice(0, -1).entries()) {
      const folder = plantTree(root.path, `cut-${end}`, journal.subarray(0, end));
      await using agent = new SAgent({ sessionRootSpace: folder });
      // Also where nobody is there any more who delegates.
      const more = end % 2 === 0 ? {} : ({ agentMode: 'simple', customSubAgents: [] } as const);
      const closed = await mustBeClosed(agent, folder, more);
      if (place % 2 === 0) reused += await mustBeOfUse(agent, folder, closed);
    }
    expect(reused).toBeGreaterThan(150);
  },
);

/** A new message ends what was open, and is answered by the master alone. */
async function mustBeClosed(agent: SAgent, folder: string, more: Partial<RunOptions>): Promise<StoredTree> {
  const before = await readTree(folder, sessionId);
  for (const id of [...fixedChildren(before.entries).values()].flat())
    expect([id, await agent.getSessionStatus(id)]).toEqual([id, statusIn(before, id)]);
  const { outcome, requests, traces, tree } = await goOn(folder, { agent, input: neverMind, more });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expect([[...requests.keys()], requests.get('master')?.length, traces]).toEqual([['master'], 1, []]);
  expectTreeAtRest(tree);

  for (const { sessionId: id, isOpen, lastRun } of before.state.children) {
    const ended = isOpen ? { run_id: lastRun?.runId, status: 'interrupted', reason: 'crashed' } : lastRun?.ended;
    expect([id, tree.state.session(id)?.lastRun?.ended]).toMatchObject([id, ended]);
  }
  // All of that before the new run begins: nobody is taken for running meanwhile.
  const begun = tree.entries.findLastIndex((entry) => entry.type === 'run_started');
  expect(
    tree.entries.findLastIndex((entry) => entry.type === 'run_ended' && entry.session_id !== undefined),
  ).toBeLessThan(begun);
  const { settled } = callsIn(before.entries);
  for (const [key, children] of fixedChildren(before.entries)) {
    if (settled.has(key)) continue;
    const answers = resultsOf(tree, key);
    expect(answers.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { status: 'unknown', message: expect.stringContaining('may or may not have run'), session_ids: children },
    ]);
  }
  return tree;
}

/** Whoever worked for the master does so again, in the same session, and knows all that was said there. Returns how many did. */
async function mustBeOfUse(agent: SAgent, folder: string, closed: StoredTree): Promise<number> {
  const mine = closed.state.children.filter(({ parent }) => parent === closed.state.root);
  if (mine.length === 0) return 0;
  const tasks = mine.map(({ sessionId: id, joined }) => ({ session_id: id, agent_id: joined?.agent_id ?? '' }));
  const { outcome, requests, traces, tree } = await goOn(folder, { agent, input: askAgain(tasks) });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  const { intended } = callsIn(closed.entries);
  expect(traces.filter(({ key }) => intended.has(key))).toEqual([]);
  expectTreeAtRest(tree);
  expect(roles(tree)).toEqual(roles(closed));
  for (const text of Object.values(guidance)) {
    const wasQueued = closed.entries.some((entry) => entry.type === 'guidance_queued' && entry.content === text);
    const taken = tree.entries.filter((entry) => entry.type === 'message' && entry.message.content === text);
    expect([text, taken.length]).toEqual([text, wasQueued ? 1 : 0]);
  }
  const [told] = [...fixedChildren(tree.entries)].at(-1) ?? [];
  expect(taskResults(resultsOf(tree, told ?? '').join(''))).toMatchObject(
    tasks.map((task) => ({ ...task, status: 'completed', result: 'Here I am.' })),
  );
  for (const { session_id, agent_id } of tasks) {
    const ledger = closed.ledgers.get(session_id);
    const known = ledger === undefined ? [] : new View(ledger).fragments().map((text) => JSON.parse(text) as unknown);
    const asked = requests.get(agent_id) ?? [];
    expect(asked).not.toHaveLength(0);
    expect(asked[0]?.slice(1, 1 + known.length)).toEqual(known);
    expect(asked[0]?.[1 + known.length]?.content).toMatch(/Again\.$/);
  }
  return mine.length;
}

/** What a child reads after the crash; of one that had not joined nothing is known. */
function statusIn({ state }: StoredTree, id: string): string | undefined {
  const child = state.session(id);
  if (child === undefined) return undefined;
  return child.isOpen ? 'interrupted' : (child.lastRun?.ended?.status ?? 'idle');
}
