import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  defineTool,
  SAgent,
  textOf,
  ToolManager,
  type ConfirmationAnswer,
  type PendingConfirmation,
  type RunOptions,
} from 'sagents';
import { scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import type { ChatRequest } from '../../src/model/model.ts';
import type { Entry } from '../../src/session/entry.ts';
import type { SentMessage } from './answers.ts';
import { plantJournal } from './recorded-run.ts';
import { entriesIn, linesOf } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';

/** What is run in place of what the model asks for. */
const changed = { to: 'bob', amount: 4 };

/** Looks only at the request: whoever leads delegates where it can, everybody else pays Bob and Carl, and says so. */
const script: readonly ScriptedAnswer[] = Array.from({ length: 40 }, () => ({ messages, tools }: ChatRequest) => {
  const isTold = (messages as readonly SentMessage[]).some(({ role }) => role === 'tool');
  if (isTold) return 'All paid.';
  if (JSON.stringify(tools).includes('sys_delegate_task')) {
    const task = { agent_id: 'clerk', task_name: 'pay', content: 'Pay.' };
    return { toolCalls: [{ name: 'sys_delegate_task', arguments: { tasks: [task] } }] };
  }
  return { toolCalls: ['bob', 'carl'].map((to) => ({ name: 'pay', arguments: { to, amount: 5 } })) };
});

/** One session of these tests: its agent, and whom its tool has paid how much. */
function createScene(root: string, mode: 'simple' | 'fibre') {
  const paid: string[] = [];
  const pay = defineTool({
    name: 'pay',
    description: 'Pays.',
    parameters: { properties: { to: { type: 'string' }, amount: { type: 'integer' } } },
    approval: 'ask',
    execute: ({ to, amount }) => void paid.push(`${to} ${amount}`),
  });
  const agent = new SAgent({ sessionRootSpace: root });
  const optionsFor = (sessionId: string, input?: string): RunOptions => ({
    ...runOptions({ root, sessionId, input, model: scriptedModel(script) }),
    toolManager: new ToolManager({ tools: [pay] }),
    agentMode: mode,
    customSubAgents: mode === 'fibre' ? [{ name: 'clerk', description: 'Pays.', available_tools: ['pay'] }] : [],
    whenApprovalNeeded: 'suspend',
  });
  return { agent, paid, optionsFor };
}

/** Bob's is changed, Carl's is declined. */
function answerTo({ arguments: args }: PendingConfirmation): ConfirmationAnswer {
  const isBob = (args as typeof changed).to === 'bob';
  return isBob ? { decision: 'allow-once', by: 'anna', arguments: changed } : { decision: 'deny', by: 'anna' };
}

/** Answers what waits and goes on, as often as it takes. */
async function toTheEnd({ agent, optionsFor }: ReturnType<typeof createScene>, sessionId: string, input?: string) {
  let given = input;
  for (let round = 0; round < 5; round += 1) {
    const run = agent.runStream(optionsFor(sessionId, given));
    for await (const _ of run);
    const outcome = await run.outcome;
    if (outcome.status !== 'waiting') return outcome;
    given = undefined;
    for (const pending of await agent.listPendingConfirmations(sessionId))
      await agent.answerConfirmation(sessionId, pending.confirmation_id, answerTo(pending));
  }
  throw new Error('It asks again and again.');
}

test.each(['simple', 'fibre'] as const)(
  'cut behind any record, a run in mode %s that was asked and answered goes on: each call runs once or is told of',
  async (mode) => {
    using root = new TemporaryRoot();
    const recorded = createScene(root.path, mode);
    await using _recorder = recorded.agent;
    expect(await toTheEnd(recorded, 's', 'Go.')).toMatchObject({ reason: 'done' });
    expect(recorded.paid).toEqual(['bob 4']);
    const journal = readFileSync(root.file('s', 'journal.jsonl'));
    for (const { end } of linesOf(journal).slice(0, -1)) {
      using place = new TemporaryRoot();
      const path = plantJournal(place.path, 's', journal.subarray(0, end));
      const before = entriesIn(path);
      const scene = createScene(place.path, mode);
      await using _agent = scene.agent;
      expect(await toTheEnd(scene, 's'), `cut at ${end}`).toMatchObject({ reason: 'done' });
      const mayHaveRun = before.some((entry) => entry.type === 'intents' && !('children' in entry));
      expect(scene.paid, `cut at ${end}`).toEqual(mayHaveRun ? [] : ['bob 4']);
      const asked = entriesIn(path).filter(({ type }) => type === 'confirmation_requested');
      expect(asked, `cut at ${end}`).toHaveLength(2);
      mustBeTold(entriesIn(path), mayHaveRun);
    }
  },
  60_000,
);

/** Each of both calls has one result. */
function mustBeTold(entries: readonly Entry[], mayHaveRun: boolean): void {
  const results = entries.flatMap((entry) => (entry.type === 'message' || entry.type === 'settled' ? [entry] : []));
  const [bob, carl] = [0, 1].map((index) =>
    results
      .filter(({ call, message }) => call?.[1] === index && message.metadata?.['tool_name'] === 'pay')
      .map(({ message }) => textOf({ content: message.content })),
  );
  const told = mayHaveRun ? /changed the arguments|may or may not have run/ : /changed the arguments/;
  expect(bob).toEqual([expect.stringMatching(told)]);
  expect(carl).toEqual([expect.stringContaining('declined')]);
}
