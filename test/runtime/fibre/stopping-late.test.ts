import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectAllEnded, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, deafTool, echo, echoTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import { delegateTo, fibre, resultsOf, subAgent, teamOf, watch } from './team.ts';

const customSubAgents = [subAgent('Ann'), subAgent('Bob'), subAgent('Cid', { agent_mode: 'fibre' }), subAgent('Dan')];

test('no child is begun after the stop, and none that waited for its turn', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const log = newLog();
  const team = teamOf({ lead: [delegateTo('Ann', 'Bob', 'Bob')], Ann: [call('wait')], Bob: [] });
  const toolManager = managerOf(waitingTool(log, { onStart: () => setImmediate(() => controller.abort()) }));
  const run = house.run(team, {
    ...fibre,
    customSubAgents,
    toolManager,
    signal: controller.signal,
    limits: { maxChildrenAtOnce: 1 },
  });
  for await (const _ of run);
  expect(await run.outcome).toMatchObject({ reason: 'aborted' });
  expect(team.requestsOf('Bob')).toEqual([]);
  expect((await house.agent.listChildren('s'))?.map(({ agentId }) => agentId)).toEqual(['Ann']);
  const { messages } = await readSession(house.root, 's');
  const told = messages.find(({ role }) => role === 'tool');
  expect(told?.metadata).toMatchObject({ tool_execution_status: 'cancelled' });
  const bob = {
    agent_id: 'Bob',
    status: 'interrupted',
    reason: 'aborted',
    error: 'It was stopped before it had begun.',
  };
  expect(resultsOf(messages)).toMatchObject([{ agent_id: 'Ann' }, bob, bob]);
});

test.each([
  ['while a turn is taken', false],
  ['while the reader is parked', true],
])('a tool in a child that is deaf to its signal is left behind, and named (%s)', async (_, isParked) => {
  await using house = await createHouse();
  const controller = new AbortController();
  const started = Promise.withResolvers<void>();
  const toolManager = managerOf(deafTool(() => started.resolve()));
  const team = teamOf({
    lead: [delegateTo('Cid', 'Bob')],
    Cid: [delegateTo('Dan')],
    Dan: [call('deaf')],
    Bob: [{ text: Array.from({ length: 10_000 }, (__, number) => `${number} `) }],
  });
  const run = house.run(team, { ...fibre, customSubAgents, toolManager, signal: controller.signal });
  let isStarted = false;
  void started.promise.then(() => (isStarted = true));
  while (!isStarted) {
    await run.next();
    await turn();
  }
  const next = isParked ? undefined : run.next();
  controller.abort();
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', abandonedTools: ['deaf'] });
  await next;
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expectAllEnded(stored);
});

test('a child that hangs where no tool runs yet is cut with the run, which says so in its place', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const checking = Promise.withResolvers<void>();
  const never = echoTool();
  const validate = () => {
    checking.resolve();
    return new Promise<never>(() => {});
  };
  const toolManager = managerOf({ ...never, inputSchema: { ...never.inputSchema, validate } });
  const team = teamOf({
    lead: [delegateTo('Cid')],
    Cid: [delegateTo('Dan')],
    Dan: [{ text: 'I look.', ...echo('x') }],
  });
  const run = house.run(team, { ...fibre, customSubAgents, toolManager, signal: controller.signal });
  void checking.promise.then(() => controller.abort());
  const { messages } = await watch(run, () => {});
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'aborted' });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expectAllEnded(stored);
  expect(stored.state.children.map(({ lastRun }) => lastRun?.ended?.result)).toMatchObject([
    { status: 'interrupted' },
    { status: 'interrupted', text: 'I look.' },
  ]);
  const calls = messages.filter(({ message_type }) => message_type === 'tool_call_result');
  expect(calls.map(({ metadata }) => metadata?.['tool_execution_status'])).toEqual(['not_run', 'unknown', 'unknown']);
});
