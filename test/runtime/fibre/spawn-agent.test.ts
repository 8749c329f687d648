import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echoTool, managerOf } from '../../support/tools.ts';
import { delegateTo, fibre, finish, resultsOf, spawn, subAgents, teamOf, together, toldOf } from './team.ts';

const systemOf = ([request]: readonly ChatRequest[]) =>
  (request?.messages[0] as { readonly content: string } | undefined)?.content;
const refusal = (error_code: string, message: unknown) => ({ status: 'error', error_code, message });

describe('sys_spawn_agent', () => {
  test('makes an agent that can be delegated to at once, with its own prompt and its name', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [spawn('Ann'), delegateTo('ann'), 'Ok.'], Ann: [finish('a')] });
    const { messages, chunks } = await record(house.run(team, fibre));
    team.assertSpent();
    expect(toldOf(messages)[0]).toEqual({
      agent_id: 'ann',
      name: 'Ann',
      message: 'Agent "Ann" is ready. Delegate tasks to "ann".',
    });
    expect(resultsOf(messages)).toMatchObject([{ agent_id: 'ann', status: 'completed', result: 'a' }]);
    expect(new Set(chunks.map(({ agent_name }) => agent_name))).toContain('Ann');
    expect(systemOf(team.requestsOf('Ann'))).toMatch(/^You are Ann\./);
    expect(await house.agent.listChildren('s')).toMatchObject([{ agentId: 'ann', agentName: 'Ann' }]);
  });

  test('makes agents whose names look alike different ids', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [together(spawn('Ann B.'), spawn('ann-b'), spawn('Ann & B'), spawn('!?')), 'Ok.'] });
    const { messages } = await record(house.run(team, fibre));
    expect(toldOf(messages)).toMatchObject([
      { agent_id: 'ann_b' },
      { agent_id: 'ann_b_2' },
      { agent_id: 'ann_b_3' },
      { agent_id: 'agent' },
    ]);
  });

  test('keeps letters of any script in an id', async () => {
    await using house = await createHouse();
    const team = teamOf({ 'lead': [spawn('研究 员'), delegateTo('研究_员'), 'Ok.'], '研究 员': [finish('好')] });
    const { messages } = await record(house.run(team, fibre));
    expect(resultsOf(messages)).toMatchObject([{ agent_id: '研究_员', status: 'completed', result: '好' }]);
  });

  test.each([
    ['a host’s agent has', 'Bob'],
    ['a spawned agent has', 'Ann'],
    ['a spawned agent has as its id', 'ann'],
  ])('refuses a name that %s', async (_, name) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [spawn('Ann'), spawn(name), 'Ok.'] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents: subAgents('Bob') }));
    const message = `There is an agent "${name}" already. Delegate to it, or choose another name.`;
    expect(toldOf(messages)[1]).toEqual(refusal('EXECUTION_ERROR', message));
  });

  test('refuses tools that its own agent does not have, and tells which it has', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [spawn('Ann', { available_tools: ['echo', 'bash'] }), 'Ok.'] });
    const { messages } = await record(house.run(team, { ...fibre, toolManager: managerOf(echoTool()) }));
    expect(toldOf(messages)).toEqual([refusal('EXECUTION_ERROR', 'There is no tool bash. Your tools: echo.')]);
  });

  test('refuses any tool where there is none to hand on, also its own', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [spawn('Ann', { available_tools: ['sys_spawn_agent'] }), 'Ok.'] });
    const { messages } = await record(house.run(team, fibre));
    const message = 'There is no tool sys_spawn_agent. You have no tools to hand on.';
    expect(toldOf(messages)).toEqual([refusal('EXECUTION_ERROR', message)]);
  });

  test.each([
    ['no prompt', { name: 'Ann', description: 'Helps.' }],
    ['a mode there is not', { name: 'Ann', description: 'Helps.', system_prompt: 'Hi.', agent_mode: 'multi' }],
    ['a field nobody knows', { name: 'Ann', description: 'Helps.', system_prompt: 'Hi.', model: 'x' }],
  ])('refuses arguments that do not fit: %s', async (_, args) => {
    await using house = await createHouse();
    const { messages } = await record(house.run(teamOf({ lead: [call('sys_spawn_agent', args), 'Ok.'] }), fibre));
    expect(toldOf(messages)).toEqual([refusal('INVALID_ARGUMENT', expect.stringContaining('do not fit'))]);
  });
});

describe('a spawned agent', () => {
  test('is there in the next run, also of another agent on the same sessions, and changes no system message', async () => {
    await using house = await createHouse();
    const before = teamOf({ lead: [spawn('Ann'), 'Ok.'] });
    await record(house.run(before, fibre));
    const team = teamOf({ lead: [delegateTo('ann'), 'Ok.'], Ann: [finish('a')] });
    const { messages } = await record(house.restart().runStream(house.options(team, fibre)));
    expect(resultsOf(messages)).toMatchObject([{ agent_id: 'ann', status: 'completed' }]);
    expect(systemOf(team.requestsOf('lead'))).toBe(systemOf(before.requestsOf('lead')));
  });

  test('is known to the session that spawned it, and to no other', async () => {
    await using house = await createHouse();
    await record(house.run(teamOf({ lead: [spawn('Ann'), 'Ok.'] }), fibre));
    const team = teamOf({ lead: [delegateTo('ann'), 'Ok.'] });
    const { messages } = await record(house.run(team, { ...fibre, sessionId: 'other' }));
    expect(toldOf(messages, 'other')).toMatchObject([{ message: expect.stringContaining('There are none yet') }]);
  });

  test('can be spawned and delegated to by one message only in that order of messages', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [together(spawn('Ann'), delegateTo('ann')), 'Ok.'], Ann: [] });
    const { messages } = await record(house.run(team, fibre));
    expect(toldOf(messages)).toMatchObject([
      { agent_id: 'ann' },
      { message: expect.stringContaining('no agent "ann"') },
    ]);
  });
});
