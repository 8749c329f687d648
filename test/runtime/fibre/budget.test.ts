import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { delegateTo, fibre, finish, resultsOf, subAgent, subAgents, teamOf } from './team.ts';

const more = { ...fibre, customSubAgents: subAgents('Ann', 'Bob'), toolManager: managerOf(echoTool()) };
const usage = { prompt_tokens: 60, completion_tokens: 40 };

describe('the usage of a run', () => {
  test('is that of its whole tree; that of a child is its own, and of those who work for it', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [
        { ...delegateTo('Ann'), usage },
        { text: 'Ok.', usage },
      ],
      Ann: [
        { ...delegateTo('Bob'), usage },
        { ...finish('a'), usage },
      ],
      Bob: [{ ...finish('b'), usage }],
    });
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    const { chunks, outcome } = await record(house.run(team, { ...more, customSubAgents }));
    expect(outcome.usage).toMatchObject({ calls: 5, callsWithoutUsage: 0, inputTokens: 300, outputTokens: 200 });
    const told = chunks.filter(({ message_type }) => message_type === 'token_usage');
    const [ann, bob] = ((await house.agent.listChildren('s')) ?? []).map(({ sessionId }) => sessionId);
    expect(told.map(({ session_id, metadata }) => [session_id, metadata?.['token_usage']])).toMatchObject([
      [bob, { calls: 1, input_tokens: 60 }],
      [ann, { calls: 3, input_tokens: 180 }],
      ['s', { calls: 5, input_tokens: 300 }],
    ]);
    expect(chunks.at(-1)).toBe(told.at(-1));
  });
});

describe('limits of the run', () => {
  test('on tokens are those of its tree: used up by a child, they end that, and then the run', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann')],
      Ann: [{ text: 'I look.', ...echo('a'), usage }],
    });
    const { messages, outcome } = await record(house.run(team, { ...more, limits: { maxTokens: 100 } }));
    team.assertSpent();
    expect(resultsOf(messages)).toMatchObject([{ status: 'failed', reason: 'budget', result: 'I look.' }]);
    expect(messages.filter(({ metadata }) => metadata?.['tool_name'] === 'echo')).toMatchObject([
      { metadata: { tool_execution_status: 'not_run' } },
    ]);
    expect(outcome).toMatchObject({ status: 'failed', reason: 'budget', usage: { inputTokens: 60 } });
    expectAtRest(await readSession(house.root, 's'));
  });

  test('on tool calls are those of its tree, whoever makes them', async () => {
    await using house = await createHouse();
    const both = { toolCalls: [...echo('1').toolCalls, ...echo('2').toolCalls] };
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [echo('0'), both] });
    const { messages, outcome } = await record(house.run(team, { ...more, limits: { maxToolCalls: 3 } }));
    team.assertSpent();
    const echoes = messages.filter(({ metadata }) => metadata?.['tool_name'] === 'echo');
    expect(echoes.map(({ metadata }) => metadata?.['tool_execution_status'])).toEqual([
      'success',
      'success',
      'not_run',
    ]);
    expect(resultsOf(messages)).toMatchObject([{ status: 'failed', reason: 'budget' }]);
    // Its own next call needs no tool.
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  });

  test('on steps are each agent’s own', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), 'Ok.'],
      Ann: [echo('1'), 'a'],
      Bob: [echo('2'), 'b'],
    });
    const { messages, outcome } = await record(house.run(team, { ...more, maxLoopCount: 2 }));
    expect(resultsOf(messages).map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 6 } });
  });
});
