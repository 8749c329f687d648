import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { View } from '../../../src/session/view.ts';
import { expectTreeAtRest, readTree, type StoredTree } from '../../support/tree.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn, type Continued } from './continue.ts';
import { plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { askAgain, neverMind, wholeStory } from './team.ts';
import { callsIn, roles, wordsIn } from './tree-facts.ts';

const again = 'Once more. Here I am.';

test('a child killed in its second task goes on with all it has ever said', { timeout: 60_000 }, async () => {
  using root = new TemporaryRoot();
  for (const { folder, before } of await cutsOfTheSecondRun(root.path)) {
    await using agent = new SAgent({ sessionRootSpace: folder });
    // It knows the tree already, as far as one that reads its state needs to.
    await agent.getSessionStatus(sessionId);
    const after = await goOn(folder, { agent });
    expect(after.outcome).toMatchObject({ status: 'completed', reason: 'done', runId: before.state.lastRun?.runId });
    expectTreeAtRest(after.tree);
    expect(wordsOf(after.tree, 'worker')).toBe(`${wholeStory['worker']}${again}`);
    expectToKnow(before, after);
  }
});

test(
  'a child killed in its second task is closed by new input, and can be used a third time',
  { timeout: 60_000 },
  async () => {
    using root = new TemporaryRoot();
    for (const { folder, before, worker } of await cutsOfTheSecondRun(root.path)) {
      await using agent = new SAgent({ sessionRootSpace: folder });
      const closed = await goOn(folder, { agent, input: neverMind });
      expectTreeAtRest(closed.tree);
      const child = before.state.session(worker);
      const ended = child?.isOpen ? { status: 'interrupted', reason: 'crashed' } : child?.lastRun?.ended;
      expect(closed.tree.state.session(worker)?.lastRun?.ended).toMatchObject(ended ?? {});

      const third = await goOn(folder, { agent, input: askAgain([{ agent_id: 'worker', session_id: worker }]) });
      expect(third.outcome).toMatchObject({ status: 'completed', reason: 'done' });
      expectTreeAtRest(third.tree);
      expect(wordsOf(third.tree, 'worker')).toBe(`${wordsOf(closed.tree, 'worker')}${again}`);
      expectToKnow(closed.tree, third);
    }
  },
);

interface Cut {
  readonly folder: string;
  readonly before: StoredTree;
  /** The session that works a second time. */
  readonly worker: string;
}

/** A run with children that came to its end, and one in which the worker is used again, cut behind every line of that. */
async function cutsOfTheSecondRun(root: string): Promise<Cut[]> {
  const first = await recordTree(root);
  const { state } = await readTree(root, sessionId);
  const worker = state.children.find(({ joined }) => joined?.agent_id === 'worker')?.sessionId ?? '';
  await goOn(root, { input: askAgain([{ agent_id: 'worker', session_id: worker }]) });
  const journal = readFileSync(join(root, sessionId, 'journal.jsonl'));
  const cuts = linesOf(journal).filter(({ end }) => end > first.length && end < journal.length);
  expect(cuts.length).toBeGreaterThan(30);
  return Promise.all(
    cuts.map(async ({ end }) => {
      const folder = plantTree(root, `cut-${end}`, journal.subarray(0, end));
      return { folder, before: await readTree(folder, sessionId), worker };
    }),
  );
}

/** Whatever the worker is asked begins with all that stood in its session before. */
function expectToKnow(before: StoredTree, { requests, tree, traces }: Continued): void {
  const worker = [...roles(tree)].find(([, role]) => role === 'worker')?.[0] ?? '';
  const ledger = before.ledgers.get(worker);
  const known = ledger === undefined ? [] : new View(ledger).fragments().map((text) => JSON.parse(text) as unknown);
  expect(known.length).toBeGreaterThan(5);
  for (const request of requests.get('worker') ?? []) expect(request.slice(1, 1 + known.length)).toEqual(known);
  const { settled } = callsIn(before.entries);
  expect(traces.filter(({ key }) => settled.has(key))).toEqual([]);
}

function wordsOf({ ledgers, state }: StoredTree, role: string): string {
  const child = state.children.find(({ joined }) => joined?.agent_id === role)?.sessionId ?? '';
  const ledger = ledgers.get(child);
  return ledger === undefined ? '' : wordsIn(ledger);
}
