import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { delegate, delegateTo, fibre, finish, resultsOf, subAgents, teamOf } from './team.ts';

const customSubAgents = subAgents('Ann');

describe('a child', () => {
  test('is sent its own prompt and its task, and no word of its parent', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [
        { text: 'I have a plan.', ...delegate({ agent_id: 'Ann', task_name: 'Paint', content: 'Paint it red.' }) },
        'Ok.',
      ],
      Ann: [finish('red')],
    });
    await record(house.run(team, { ...fibre, customSubAgents, systemContext: { city: 'Bonn' } }));
    const [request] = team.requestsOf('Ann');
    expect(request?.messages).toHaveLength(2);
    expect(request?.messages[0]).toMatchObject({
      role: 'system',
      content: expect.stringMatching(/^You are Ann\.\n\n/),
    });
    const [task] = conversations({ requests: team.requestsOf('Ann') });
    expect(texts(task)).toEqual(['# Paint\n\nPaint it red.']);
    expect(JSON.stringify(task)).toContain('Bonn');
    expect(JSON.stringify(request)).not.toMatch(/Hello|I have a plan|You lead/);
  });

  test('is told what the user wanted where its parent says it', async () => {
    await using house = await createHouse();
    const task = { agent_id: 'Ann', task_name: 'Paint', content: 'Paint it.', original_task: 'I want a red house.' };
    const team = teamOf({ lead: [delegate(task), 'Ok.'], Ann: [finish('red')] });
    await record(house.run(team, { ...fibre, customSubAgents }));
    const [request] = conversations({ requests: team.requestsOf('Ann') });
    expect(texts(request)).toEqual(['# Paint\n\nPaint it.\n\nIt is part of this:\nI want a red house.']);
  });

  test('shows its task as its first message, with who gave it', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [finish('a')] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    const call = messages.find(({ message_type }) => message_type === 'tool_call');
    const [first] = messages.filter(({ session_id }) => session_id !== 's');
    expect(first).toMatchObject({
      role: 'user',
      message_type: 'user_input',
      content: '# for Ann\n\nDo it, Ann!',
      metadata: {
        source: 'delegation',
        delegation: { session_id: 's', message_id: call?.message_id, index: 0, agent_id: 'Ann', task_name: 'for Ann' },
      },
    });
  });

  test('works with the tools of its parent, and its calls stay in its own session', async () => {
    await using house = await createHouse();
    const toolManager = managerOf(echoTool());
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ toolCalls: [{ name: 'echo', arguments: { text: 'hi' } }] }, finish('hi')],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    const [told] = resultsOf(messages);
    expect(told).toMatchObject({ status: 'completed', result: 'hi' });
    const echoed = messages.find(({ metadata }) => metadata?.['tool_name'] === 'echo');
    expect(echoed).toMatchObject({ session_id: told?.session_id, agent_name: 'Ann', content: 'hi' });
    expect(JSON.stringify(team.requestsOf('lead').at(-1)?.messages)).not.toContain('"echo"');
  });
});
