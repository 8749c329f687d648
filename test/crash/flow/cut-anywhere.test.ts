import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunOutcome } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import type { SentMessage } from '../answers.ts';
import { createRandom } from '../random.ts';
import { plantJournal } from '../recorded-run.ts';
import { entriesIn, linesOf, mustBePaired, type LedgerCall } from '../rules.ts';
import { tracePathOf } from '../run-options.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { readTraces } from '../tools.ts';
import { flowAnswersFor } from './flow-answers.ts';
import { createFlowAgent, flowOptions } from './flow-program.ts';
import { callsWith, mustBeAllTheWay, mustNotGoBack } from './flow-rules.ts';
import { readNotes } from './notes.ts';
import { recordFlow } from './recorded-flow.ts';
import { Walk } from './walk.ts';

/** Model calls of a run that nothing disturbs. */
const steps = 15;
const atOnce = 8;

test(
  'cut after any line, a flow goes on from there, and once more from any line of that',
  { timeout: 120_000 },
  async () => {
    using root = new TemporaryRoot();
    const random = createRandom(1);
    const journal = await recordFlow(root.path);
    expect(new Walk(entriesIn(root.file('recorded', 'journal.jsonl'))).callers.size).toBe(steps);
    await forEachCut(journal, async (cut) => {
      const second = await goOn(root.path, `cut-${cut.length}`, cut);
      const lines = linesOf(second).filter(({ end }) => end > cut.length);
      const line = lines[Math.floor(random() * (lines.length - 1))];
      await goOn(root.path, `cut-${cut.length}-again`, second.subarray(0, line?.end));
    });
  },
);

test('attempts share the steps of their run: it never takes more than it may', { timeout: 120_000 }, async () => {
  using root = new TemporaryRoot();
  const journal = await recordFlow(root.path);
  let unfinished = 0;
  await forEachCut(journal, async (cut) => {
    const { walk, outcome, missing } = await continued(root.path, `cut-${cut.length}`, cut, steps);
    expect(walk.callers.size).toBe(steps);
    expect([outcome.status, outcome.reason]).toEqual(['completed', missing > 0 ? 'max-loops' : 'done']);
    unfinished += missing > 0 ? 1 : 0;
  });
  expect(unfinished).toBeGreaterThan(0);
});

/** Some at a time: most of the time goes by in tools. */
async function forEachCut(journal: Buffer, act: (cut: Buffer) => Promise<void>): Promise<void> {
  const cuts = linesOf(journal)
    .slice(0, -1)
    .map(({ end }) => journal.subarray(0, end));
  const work = async (): Promise<void> => {
    for (let cut = cuts.shift(); cut !== undefined; cut = cuts.shift()) await act(cut);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Continues what these bytes tell to its end, and checks what must hold. Returns the journal it has then. */
async function goOn(root: string, sessionId: string, cut: Buffer): Promise<Buffer> {
  const { before, walk, outcome, missing, calls } = await continued(root, sessionId, cut, 50);
  assert.deepEqual([outcome.status, outcome.reason, outcome.runId], ['completed', 'done', before.runId]);
  assert.equal(walk.attempt, before.attempt + 1);
  assert.equal(walk.callers.size - walk.whole.size, missing);
  assert.equal(walk.whole.size, steps, 'what was said to the end is not said again');
  mustBeAllTheWay(walk);
  mustNotGoBack(before, readNotes(root, sessionId));
  const traces = readTraces(tracePathOf(root, sessionId));
  for (const call of calls) {
    const times = traces.filter(({ key }) => key === call.key).length;
    assert.deepEqual([times, call.status], whatBecomesOf(call, before), `${call.tool} ${call.key}`);
  }
  assert.equal(traces.length, traces.filter(({ key }) => walk.results.has(key)).length);
  return readFileSync(`${root}/${sessionId}/journal.jsonl`);
}

/** How often a call runs after the cut, and how it ends. */
function whatBecomesOf({ key, tool }: LedgerCall, before: Walk): [times: number, status: unknown] {
  if (before.results.has(key)) return [0, before.results.get(key)];
  const isOnce = tool === 'pay' || tool === 'deploy';
  return isOnce && before.intended.has(key) ? [0, 'unknown'] : [1, 'success'];
}

async function continued(root: string, sessionId: string, cut: Buffer, maxLoopCount: number) {
  const path = plantJournal(root, sessionId, cut);
  const before = new Walk(entriesIn(path));
  const requests: (readonly SentMessage[])[] = [];
  const model = scriptedModel(flowAnswersFor(0, (messages) => requests.push(messages)));
  await using agent = createFlowAgent(root);
  const run = agent.runStream({ ...flowOptions({ root, sessionId, model }), maxLoopCount });
  const { outcome }: { outcome: RunOutcome } = await record(run);
  for (const request of requests) mustBePaired(request);
  const walk = new Walk(entriesIn(path));
  const ledger = (await agent.getMessages(sessionId, { includeHidden: true })) ?? [];
  /** Replies that the cut has lost. */
  const missing = before.callers.size - before.whole.size;
  return { before, walk, outcome, missing, calls: callsWith(walk, ledger) };
}
