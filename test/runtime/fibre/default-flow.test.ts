import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { delegateTo, fibre, finish, resultsOf, subAgent, subAgents, teamOf } from './team.ts';

describe('the result of a child is checked without a model', () => {
  test('a broken one is told of, and given again', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [finish('<report>\nIt is red.'), finish('<report>\nIt is red.\n</report>')],
    });
    const customSubAgents = [subAgent('Ann', { system_prompt: 'You are Ann. Answer in <report>…</report>.' })];
    const { messages, outcome } = await record(house.run(team, { ...fibre, customSubAgents }));
    team.assertSpent();
    const [, second] = conversations({ requests: team.requestsOf('Ann') });
    expect(texts(second).at(-1)).toContain('The tag <report> is opened and not closed.');
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: '<report>\nIt is red.\n</report>' }]);
    expect(outcome.selfCheck).toEqual({ passed: true, issues: [] });
  });

  test('what its text beside the result says is not', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ text: '```\nHm.', ...finish('It is red.') }],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents: subAgents('Ann') }));
    team.assertSpent();
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'It is red.' }]);
  });
});

describe('what was asked of the run', () => {
  test('is not asked of its children: they plan, suggest and sum up nothing', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Red.', 'In short: red.', '{"questions":["Why?"]}'],
      Ann: [finish('red')],
    });
    const options = { ...fibre, customSubAgents: subAgents('Ann'), forceSummary: true, moreSuggest: true };
    const { messages, outcome } = await record(house.run(team, options));
    expect(team.requestsOf('Ann')).toHaveLength(1);
    expect(outcome.reason).toBe('done');
    const types = messages.filter(({ session_id }) => session_id === 's').map(({ message_type }) => message_type);
    expect(types).toContain('final_answer');
  });
});

describe('of more tools than fifteen', () => {
  const names = Array.from({ length: 20 }, (_, number) => `tool_${String(number).padStart(2, '0')}`);
  const toolManager = managerOf(...names.map((name) => ({ ...echoTool(), name })));

  test('those that let an agent delegate, and a child finish, are always offered and can be called', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [delegateTo('Bob'), finish('a')],
      Bob: [finish('b')],
    });
    const customSubAgents = [
      subAgent('Ann', { agent_mode: 'fibre' }),
      subAgent('Bob', { available_tools: names.slice(0, 3) }),
    ];
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    team.assertSpent();
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'a' }]);
    const delegation = ['sys_delegate_task', 'sys_spawn_agent'];
    expect(team.offeredTo('lead')).toEqual([...delegation, ...names.slice(0, 15), 'tool_expand_tools'].toSorted());
    expect(team.offeredTo('Ann')).toEqual(
      [...delegation, 'sys_finish_task', ...names.slice(0, 15), 'tool_expand_tools'].toSorted(),
    );
    // Few enough to have no choice.
    expect(team.offeredTo('Bob')).toEqual(['sys_finish_task', ...names.slice(0, 3)]);
  });
});
