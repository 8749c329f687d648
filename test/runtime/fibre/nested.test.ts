import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';
import { delegateTo, fibre, finish, resultsOf, spawn, subAgent, teamOf, toldOf } from './team.ts';

const toolManager = managerOf(echoTool(), { ...echoTool(), name: 'echo_2' }, { ...echoTool(), name: 'echo_3' });

describe('a sub-agent in fibre', () => {
  test('delegates in turn, three levels deep, and each hands its result to whoever gave it the task', async () => {
    await using house = await createHouse();
    const passOn = ({ messages }: ChatRequest) => {
      const { content } = messages.at(-1) as { readonly content: string };
      return finish(`${(JSON.parse(content) as { results: { result: string }[] }).results[0]?.result}!`);
    };
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Done.'],
      Ann: [delegateTo('Bob'), passOn],
      Bob: [delegateTo('Cid'), passOn],
      Cid: [echo('hi'), finish('hi')],
    });
    const customSubAgents = [
      subAgent('Ann', { agent_mode: 'fibre' }),
      subAgent('Bob', { agent_mode: 'fibre' }),
      subAgent('Cid'),
    ];
    const { messages, chunks, outcome } = await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    team.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 8 } });
    expect(resultsOf(messages)).toMatchObject([{ agent_id: 'Ann', result: 'hi!!' }]);
    const children = (await house.agent.listChildren('s')) ?? [];
    expect(children.map(({ agentId, parentId }) => [agentId, parentId])).toEqual([
      ['Ann', 's'],
      ['Bob', children[0]?.sessionId],
      ['Cid', children[1]?.sessionId],
    ]);
    expect(await house.agent.listChildren(children[1]?.sessionId ?? '')).toEqual([children[2]]);
    expect(new Set(chunks.map(({ session_id }) => session_id)).size).toBe(4);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('spawns agents of its own, which nobody else knows', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), delegateTo('dan'), 'Done.'],
      Ann: [spawn('Dan'), delegateTo('dan'), finish('a')],
      Dan: [finish('d')],
    });
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' })];
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    const [ann] = resultsOf(messages);
    expect(resultsOf(messages, ann?.session_id)).toMatchObject([{ agent_id: 'dan', result: 'd' }]);
    expect(toldOf(messages)[1]).toMatchObject({ message: expect.stringContaining('no agent "dan". There are: Ann.') });
  });

  test('that was spawned in fibre delegates too; in simple, which is the default, it does not', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [spawn('Ann', { agent_mode: 'fibre' }), spawn('Bob'), delegateTo('ann'), 'Done.'],
      Ann: [spawn('Cid'), delegateTo('cid'), finish('a')],
      Cid: [delegateTo('ann'), finish('c')],
    });
    const { messages } = await record(house.run(team, fibre));
    team.assertSpent();
    const [ann] = resultsOf(messages);
    const [cid] = resultsOf(messages, ann?.session_id);
    expect(cid).toMatchObject({ agent_id: 'cid', result: 'c' });
    expect(team.offeredTo('Ann')).toEqual(['sys_delegate_task', 'sys_finish_task', 'sys_spawn_agent']);
    expect(team.offeredTo('Cid')).toEqual(['sys_finish_task']);
    expect(toldOf(messages, cid?.session_id)[0]).toMatchObject({ error_code: 'TOOL_NOT_FOUND' });
  });

  test('is not listed to itself', async () => {
    await using house = await createHouse();
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    const team = teamOf({ lead: [delegateTo('Ann'), 'Done.'], Ann: [finish('a')] });
    await record(house.run(team, { ...fibre, customSubAgents }));
    const system = JSON.stringify(team.requestsOf('Ann')[0]?.messages[0]);
    expect(system).toContain('- Bob: Helps as Bob.');
    expect(system).not.toContain('- Ann:');
  });
});

describe('available_tools', () => {
  test('narrow what an agent has, and whoever works for it has no more', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Cid'), 'Done.'],
      Ann: [delegateTo('Bob'), spawn('Dan'), delegateTo('dan'), finish('a')],
      Bob: [finish('b')],
      Cid: [finish('c')],
      Dan: [finish('d')],
    });
    const customSubAgents = [
      subAgent('Ann', { agent_mode: 'fibre', available_tools: ['echo', 'echo_2'] }),
      subAgent('Bob', { available_tools: ['echo_2', 'echo_3'] }),
      subAgent('Cid', { available_tools: [] }),
    ];
    await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    team.assertSpent();
    expect(team.offeredTo('Ann')).toEqual([
      'echo',
      'echo_2',
      'sys_delegate_task',
      'sys_finish_task',
      'sys_spawn_agent',
    ]);
    // Bob may have echo_3, but Ann cannot give it to him.
    expect(team.offeredTo('Bob')).toEqual(['echo_2', 'sys_finish_task']);
    expect(team.offeredTo('Cid')).toEqual(['sys_finish_task']);
    expect(team.offeredTo('Dan')).toEqual(['echo', 'echo_2', 'sys_finish_task']);
  });

  test('that its parent has not are no tools that can be called', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [spawn('Ann', { available_tools: ['echo'] }), delegateTo('ann'), 'Done.'],
      Ann: [call('echo_2', { text: 'x' }), finish('a')],
    });
    const { messages } = await record(house.run(team, { ...fibre, toolManager }));
    const refused = messages.find(({ metadata }) => metadata?.['tool_name'] === 'echo_2');
    expect(refused?.content).toContain('TOOL_NOT_FOUND');
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed' }]);
  });

  test('of an agent that spawns are all it can hand on', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Done.'],
      Ann: [spawn('Dan', { available_tools: ['echo_3'] }), finish('a')],
    });
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre', available_tools: ['echo'] })];
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    const [ann] = resultsOf(messages);
    expect(toldOf(messages, ann?.session_id)[0]).toMatchObject({
      message: 'There is no tool echo_3. Your tools: echo.',
    });
  });
});
