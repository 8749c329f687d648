import { describe, expect, test } from 'vitest';
import type { CustomSubAgent } from '../../../src/index.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { delegateTo, fibre, finish, resultsOf, subAgent, teamOf } from './team.ts';

describe('a sub-agent of the host’s', () => {
  test.each<[string, Partial<CustomSubAgent>, string]>([
    ['its agent_id', { agent_id: 'a-1', agent_key: 'a-2' }, 'a-1'],
    ['its agent_key without one', { agent_key: 'a-2' }, 'a-2'],
    ['its name without either', {}, 'Ann'],
    ['its name where the others are null', { agent_id: null, agent_key: null }, 'Ann'],
  ])('is known by %s, and speaks under its name', async (_, ids, id) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo(id), 'Ok.'], Ann: [finish('a')] });
    const { messages, chunks } = await record(house.run(team, { ...fibre, customSubAgents: [subAgent('Ann', ids)] }));
    expect(resultsOf(messages)).toMatchObject([{ agent_id: id, status: 'completed' }]);
    expect(chunks.some(({ agent_name }) => agent_name === 'Ann')).toBe(true);
    expect(JSON.stringify(team.requestsOf('lead')[0]?.messages[0])).toContain(`- ${id}: Helps as Ann.`);
  });

  test('may leave out, or have as null, whatever has a default', async () => {
    await using house = await createHouse();
    const nothing = {
      description: null,
      system_prompt: null,
      available_tools: null,
      agent_mode: null,
      model_config: null,
    };
    const customSubAgents = [{ name: 'Ann' }, { name: 'Bob', ...nothing }];
    const leads = [delegateTo('Ann', 'Bob'), 'one', 'two', 'Ok.'];
    const team = teamOf({ lead: leads });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    expect(
      resultsOf(messages)
        .map(({ result }) => result)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['one', 'two']);
    // Without a prompt of its own it has the run's, and it is told that it is a child.
    expect(JSON.stringify(team.requestsOf('lead')[1]?.messages[0])).toMatch(
      /"You lead\.\\n\\nAnother agent has given you a task/,
    );
  });

  test('has its own model settings over those of the run, field by field', async () => {
    await using house = await createHouse();
    const model_config = {
      model: 'small',
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      presence_penalty: 1,
      extra_body: { b: 2 },
    };
    const team = teamOf({ lead: [delegateTo('Ann', 'Bob'), 'Ok.'], Ann: [finish('a')], Bob: [finish('b')] });
    const run = house.run(team, {
      ...fibre,
      customSubAgents: [subAgent('Ann', { model_config }), subAgent('Bob', { model_config: { model: 'other' } })],
      modelConfig: { model: 'big', temperature: 1, extraBody: { a: 1 } },
    });
    await record(run);
    const settings = { temperature: 0, top_p: 0.5, max_tokens: 9, presence_penalty: 1, a: 1, b: 2 };
    expect(team.requestsOf('Ann')[0]).toMatchObject({ model: 'small', ...settings });
    expect(team.requestsOf('Bob')[0]).toMatchObject({ model: 'other', temperature: 1, a: 1 });
    expect(team.requestsOf('Bob')[0]).not.toHaveProperty('b');
    expect(team.requestsOf('lead')[1]).toMatchObject({ model: 'big', temperature: 1, a: 1 });
  });
});
