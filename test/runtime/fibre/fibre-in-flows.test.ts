import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { agent, either, flow, sequence, simple } from '../flow/nodes.ts';
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
});
