import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import {
  delegate,
  delegateTo,
  fibre,
  finish,
  resultsOf,
  sessionsIn,
  subAgent,
  subAgents,
  teamOf,
  together,
  toldOf,
  watch,
} from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob');
const none = /may have 2 new sessions, and 0 of them are left; these tasks need \d\. Go on in sessions you have/;
const refused = { status: 'error', error_code: 'INVALID_ARGUMENT', message: expect.stringMatching(none) };
const limits = { maxChildrenPerTree: 2 };

describe('limits.maxChildrenPerTree', () => {
  test('counts the new sessions of all calls, and lets those that are there go on', async () => {
    await using house = await createHouse();
    const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), delegateTo('Ann'), again, 'Ok.'],
      Ann: [finish('a'), finish('b')],
      Bob: [finish('c')],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
    team.assertSpent();
    expect(toldOf(messages)[1]).toEqual(refused);
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['a', 'c', 'b']);
  });

  test('counts those of a call beside it that are about to begin', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [together(delegateTo('Ann', 'Bob'), delegateTo('Ann')), 'Ok.'],
      Ann: [finish('a')],
      Bob: [finish('b')],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
    expect(toldOf(messages)).toEqual([{ results: [expect.anything(), expect.anything()] }, refused]);
  });

  test('counts the children of children', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), delegateTo('Bob'), 'Ok.'],
      Ann: [delegateTo('Bob'), delegateTo('Bob'), finish('a')],
      Bob: [finish('b')],
    });
    const agents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents: agents, limits }));
    team.assertSpent();
    const [ann] = resultsOf(messages);
    expect(toldOf(messages, ann?.session_id)[1]).toEqual(refused);
    expect(toldOf(messages)[1]).toEqual(refused);
  });

  test('is full again in the next run', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), 'Ok.', delegateTo('Ann', 'Bob'), 'Ok again.'],
      Ann: [finish('a1'), finish('a2')],
      Bob: [finish('b1'), finish('b2')],
    });
    await record(house.run(team, { ...fibre, customSubAgents, limits }));
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['a2', 'b2']);
    expect(await house.agent.listChildren('s')).toHaveLength(4);
  });

  test('has room again for what a call had asked for that was stopped before it had begun', async () => {
    await using house = await createHouse();
    const toolManager = managerOf(waitingTool(newLog()));
    const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
    const full = Array.from({ length: 8 }, () => call('wait'));
    const team = teamOf({
      lead: [delegateTo('Ann'), again, 'Ok.'],
      // There is no place for its ninth call until another ends.
      Ann: [together(...full, delegateTo('Bob')), delegateTo('Bob'), finish('a')],
      Bob: [finish('b')],
    });
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    const run = house.run(team, { ...fibre, customSubAgents, toolManager, limits });
    let isStopped = false;
    const { messages } = await watch(run, ({ agent_name, session_id, tool_calls }) => {
      if (isStopped || agent_name !== 'Ann' || tool_calls?.[0]?.index !== 8) return;
      isStopped = true;
      setTimeout(() => void house.agent.interruptSession(session_id), 50);
    });
    team.assertSpent();
    expect(resultsOf(messages).map(({ status, result }) => [status, result])).toEqual([
      ['interrupted', ''],
      ['completed', 'a'],
    ]);
  });

  test('has room again for what a refused call had asked for', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Eve'), delegateTo('Ann', 'Bob'), 'Ok.'],
      Ann: [finish('a')],
      Bob: [finish('b')],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['a', 'b']);
  });
});

describe('the defaults', () => {
  test.each([
    ['16 tasks in one call', Array.from({ length: 17 }, () => 'Ann'), 'These are 17 tasks; one call may have 16.'],
  ])('are %s', async (_, agents, words) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo(...agents), 'Ok.'], Ann: [] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    expect(toldOf(messages)).toMatchObject([{ message: expect.stringContaining(words) }]);
  });

  test('are four levels', async () => {
    await using house = await createHouse();
    const names = ['Ann', 'Bob', 'Cid', 'Dan', 'Eve'];
    const chain = Object.fromEntries(
      names.map((name, place) => [name, [delegateTo(names[place + 1] ?? 'Ann'), finish(name)]] as const),
    );
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], ...chain });
    const agents = names.map((name) => subAgent(name, { agent_mode: 'fibre' }));
    const { messages, outcome } = await record(house.run(team, { ...fibre, customSubAgents: agents }));
    expect(outcome).toMatchObject({ reason: 'done' });
    const children = (await house.agent.listChildren('s')) ?? [];
    expect(children.map(({ agentId }) => agentId)).toEqual(['Ann', 'Bob', 'Cid', 'Dan']);
    expect(toldOf(messages, children[3]?.sessionId)[0]).toMatchObject({
      message: 'You are on level 4, and nobody may be deeper than level 4. Do the task yourself.',
    });
  });
});
