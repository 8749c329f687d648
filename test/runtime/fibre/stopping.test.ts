import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Run, SAgent } from '../../../src/index.ts';
import { stall } from '../../../src/testing/index.ts';
import { expectAllEnded, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call, managerOf, newLog, waitingTool, type ToolLog } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';
import { delegateTo, fibre, subAgent, teamOf } from './team.ts';

/** Ann waits in a tool, Bob talks without end, and Cid has Dan wait for him. */
const customSubAgents = [subAgent('Ann'), subAgent('Bob'), subAgent('Cid', { agent_mode: 'fibre' }), subAgent('Dan')];

function begin(house: TestHouse, log: ToolLog, { signal }: AbortController, totalMs = Infinity) {
  const dan = Promise.withResolvers<void>();
  const team = teamOf({
    lead: [delegateTo('Ann', 'Bob', 'Cid')],
    Ann: [call('wait')],
    Bob: [{ text: Array.from({ length: 10_000 }, (_, number) => `${number} `) }],
    Cid: [delegateTo('Dan')],
    Dan: [
      {
        text: ['I ', 'wait'],
        at: {
          1: (options) => {
            dan.resolve();
            return stall(options);
          },
        },
      },
    ],
  });
  const model = watchModel(team);
  const toolManager = managerOf(waitingTool(log));
  const run = house.run(model, { ...fibre, customSubAgents, toolManager, signal, deadlines: { totalMs } });
  return { run, model, team, isDeep: dan.promise };
}

/** Reads until everybody is at work: then Bob has a batch in the reader's hand, and the next one ready. */
async function readUntilDeep(run: Run, isDeep: Promise<void>, log: ToolLog): Promise<void> {
  let deep = false;
  void isDeep.then(() => (deep = true));
  while (!deep || log.started === 0) {
    if ((await run.next()).done) return;
    await turn();
  }
}

const stops: [string, string, (run: Run, agent: SAgent, controller: AbortController) => unknown][] = [
  ['an abort', 'aborted', (_, __, controller) => controller.abort()],
  ['interruptSession', 'interrupted', (_, agent) => agent.interruptSession('s')],
  ['its reader, who leaves', 'reader-gone', (run) => run.return()],
  ['closing the agent', 'interrupted', (_, agent) => agent.close()],
];

describe.each(stops)('a tree that is stopped by %s', (_, reason, stop) => {
  test.each(['with a batch in the reader’s hand', 'while a turn is taken'])(
    '%s ends with all its children',
    async (when) => {
      await using house = await createHouse();
      using strays = watchStrays();
      const controller = new AbortController();
      const log = newLog();
      const { run, model, isDeep } = begin(house, log, controller);
      await readUntilDeep(run, isDeep, log);
      const next = when === 'while a turn is taken' ? run.next() : undefined;
      void stop(run, house.agent, controller);
      expect(await run.outcome).toMatchObject({ status: 'interrupted', reason, phase: 'tools', abandonedTools: [] });
      await next;
      const stored = await readSession(house.root, 's');
      expectAtRest(stored);
      expectAllEnded(stored);
      expect(stored.state.children).toHaveLength(4);
      expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
      expect(model.open).toBe(0);
      expect(await strays.look()).toEqual(nothing);
    },
  );
});

test('totalMs ends a tree whose reader has parked', async () => {
  await using house = await createHouse();
  const log = newLog();
  const { run, model, isDeep } = begin(house, log, new AbortController(), 1_500);
  await readUntilDeep(run, isDeep, log);
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'deadline', abandonedTools: [] });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expectAllEnded(stored);
  expect([model.open, log.finished]).toEqual([0, log.started]);
});

test('a tree that was stopped goes on with the next message, and its children are as they were', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const log = newLog();
  const { run, isDeep } = begin(house, log, controller);
  await readUntilDeep(run, isDeep, log);
  controller.abort();
  await run.outcome;
  const next = house.run(teamOf({ lead: ['Hi again.'] }), { ...fibre, customSubAgents });
  for await (const _ of next);
  expect(await next.outcome).toMatchObject({ reason: 'done', usage: { calls: 1 } });
  const children = await house.agent.listChildren('s');
  expect(children?.map(({ agentId, status }) => [agentId, status])).toEqual(
    ['Ann', 'Bob', 'Cid', 'Dan'].map((agentId) => [agentId, 'interrupted']),
  );
});
