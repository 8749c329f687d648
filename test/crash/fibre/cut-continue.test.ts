import { expect, test } from 'vitest';
import { expectTreeAtRest, readTree, type StoredTree } from '../../support/tree.ts';
import { createRandom } from '../random.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn, type Continued } from './continue.ts';
import { guidance, plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { callsIn, fixedChildren, keyOf } from './tree-facts.ts';
import { expectWhole } from './whole-tree.ts';

test(
  'cut after any line, a tree goes on from there, and once more from any line of that',
  { timeout: 120_000 },
  async () => {
    using root = new TemporaryRoot();
    const random = createRandom(1);
    const journal = await recordTree(root.path);
    const recorded = await readTree(root.path, sessionId);
    expectWhole(recorded);
    expect(recorded.state.children).toHaveLength(4);
    for (const { end } of linesOf(journal).slice(0, -1)) {
      const second = await goOnFrom(root.path, `cut-${end}`, journal.subarray(0, end));
      const lines = linesOf(second).filter((line) => line.end > end);
      const line = lines[Math.floor(random() * (lines.length - 1))];
      await goOnFrom(root.path, `cut-${end}-again`, second.subarray(0, line?.end));
    }
  },
);

/** Continues what these bytes tell to its end, and checks what must hold. Returns the journal it has then. */
async function goOnFrom(root: string, name: string, cut: Buffer): Promise<Buffer> {
  const folder = plantTree(root, name, cut);
  const before = await readTree(folder, sessionId);
  const after = await goOn(folder);
  const runId = before.state.lastRun?.runId;
  expect([name, after.outcome.status, after.outcome.reason, after.outcome.runId]).toEqual([
    name,
    'completed',
    'done',
    runId,
  ]);
  expectTreeAtRest(after.tree);
  expectWhole(after.tree);
  expectGoneOn(before, after);
  expectCallsAsAllowed(before, after);
  const calls = after.tree.entries.filter(({ type }) => type === 'model_called');
  expect([name, after.outcome.usage.calls]).toEqual([name, calls.length]);
  return after.journal;
}

/** What had been fixed stays, who had ended is not asked again, and guidance that was stored is taken once. */
function expectGoneOn(before: StoredTree, { tree, requests }: Continued): void {
  const fixed = fixedChildren(tree.entries);
  for (const [key, children] of fixedChildren(before.entries)) expect(fixed.get(key)).toEqual(children);
  for (const child of before.state.children) {
    if (child.lastRun?.ended !== undefined) expect(requests.has(child.joined?.agent_id ?? '')).toBe(false);
  }
  for (const [id, text] of [
    ['for-master', guidance.master],
    ['for-worker', guidance.worker],
  ] as const) {
    const wasQueued = before.entries.some((entry) => entry.type === 'guidance_queued' && entry.guidance_id === id);
    const taken = tree.entries.filter((entry) => entry.type === 'message' && entry.message.content === text);
    expect([id, taken.length]).toEqual([id, wasQueued ? 1 : 0]);
  }
}

/** A call that had a result does not run again, nor one that may have run and must run once; all others run now. */
function expectCallsAsAllowed(before: StoredTree, { tree, traces }: Continued): void {
  const { intended, settled } = callsIn(before.entries);
  for (const ledger of tree.ledgers.values()) {
    for (const { message_id, tool_calls = [], metadata } of ledger.messages()) {
      if (metadata?.['incomplete'] !== undefined) continue;
      for (const [
        index,
        {
          function: { name },
        },
      ] of tool_calls.entries()) {
        if (name.startsWith('sys_')) continue;
        const key = keyOf([message_id, index]);
        const mayNot = settled.has(key) || (intended.has(key) && name === 'pay');
        const times = traces.filter((trace) => trace.key === key).length;
        expect([key, name, times]).toEqual([key, name, mayNot ? 0 : 1]);
      }
    }
  }
}
