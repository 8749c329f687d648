import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { agent, either, flow, parallel, sequence, simple } from '../flow/nodes.ts';
import { delegateTo, fibre, finish, resultsOf, subAgents, teamOf } from './team.ts';

describe('an agent "fibre" in a flow of the host’s', () => {
  test('delegates in a run of any mode, and agents beside it do not', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ann says a.', 'That is all.'],
      Ann: [finish('a')],
    });
    const customFlow = flow(sequence(either('always_true', agent('fibre')), simple()));
    const options = { ...fibre, agentMode: 'simple', customFlow, customSubAgents: subAgents('Ann') } as const;
    const { messages, outcome } = await record(house.run(team, options));
    team.assertSpent();
    expect(outcome.reason).toBe('done');
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'a' }]);
    const offered = team.requestsOf('lead').map(({ tools }) => (tools as unknown[] | undefined)?.length ?? 0);
    expect(offered).toEqual([2, 2, 0]);
  });

  test('has its own name, prompt and tools beside those that let it delegate', async () => {
    await using house = await createHouse();
    const team = teamOf({ Chef: [delegateTo('Ann'), 'Ok.'], Ann: [finish('a')] });
    const config = { name: 'chef', system_prefix: 'You are Chef.', available_tools: ['echo'] };
    const toolManager = managerOf(echoTool(), { ...echoTool(), name: 'echo_2' });
    const options = { ...fibre, customFlow: flow(agent('fibre', config)), customSubAgents: subAgents('Ann') };
    const { messages } = await record(house.run(team, { ...options, toolManager }));
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed' }]);
    expect(team.offeredTo('Chef')).toEqual(['echo', 'sys_delegate_task', 'sys_spawn_agent']);
    // It can hand on no more than it has.
    expect(team.offeredTo('Ann')).toEqual(['echo', 'sys_finish_task']);
    expect(messages.filter(({ session_id, agent_name }) => session_id === 's' && agent_name === 'chef')).toHaveLength(
      3,
    );
  });

  test('may stand beside another one: each waits for its own children, in one session', async () => {
    await using house = await createHouse();
    const team = teamOf({
      Ada: [delegateTo('Ann', 'Bob'), 'Ada is done.'],
      Bea: [delegateTo('Cid'), 'Bea is done.'],
      Ann: [finish('a')],
      Bob: [finish('b')],
      Cid: [finish('c')],
    });
    const root = parallel(['Ada', 'Bea'].map((name) => agent('fibre', { system_prefix: `You are ${name}.` })));
    const customSubAgents = subAgents('Ann', 'Bob', 'Cid');
    const run = house.run(team, { ...fibre, customFlow: flow(root), customSubAgents, durability: 'strict' });
    const { messages, outcome } = await record(run);
    team.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 7 } });
    const results = resultsOf(messages).map(({ agent_id, result }) => `${agent_id} ${result}`);
    expect(new Set(results)).toEqual(new Set(['Ann a', 'Bob b', 'Cid c']));
    const children = await house.agent.listChildren('s');
    const calls = new Map(children?.map(({ agentId, call }) => [agentId, call?.messageId]));
    expect(calls.get('Ann')).toBe(calls.get('Bob'));
    expect(calls.get('Cid')).not.toBe(calls.get('Bob'));
  });
});
