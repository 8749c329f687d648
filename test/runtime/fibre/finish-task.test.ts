import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';
import { delegate, delegateTo, fibre, finish, resultsOf, sessionsIn, subAgents, teamOf, together } from './team.ts';

const more = { ...fibre, customSubAgents: subAgents('Ann'), toolManager: managerOf(echoTool()) };

describe('sys_finish_task', () => {
  test('ends a child with its result, and without another model call', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [{ text: 'I think so.', ...finish('It is red.') }] });
    const { messages, outcome } = await record(house.run(team, more));
    team.assertSpent();
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'It is red.' }]);
    expect(outcome.usage.calls).toBe(3);
  });

  test.each([
    ['before it', together(echo('a'), finish('It is red.'))],
    ['behind it', together(finish('It is red.'), echo('a'))],
  ])('ends it also with another call %s, which is run', async (_, answer) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [answer] });
    const { messages } = await record(house.run(team, more));
    team.assertSpent();
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'It is red.' }]);
    expect(messages.find(({ metadata }) => metadata?.['tool_name'] === 'echo')).toMatchObject({ content: 'a' });
  });

  test('with arguments that do not fit ends nothing: the model is told, and may mend it', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [call('sys_finish_task', { result: '' }), call('sys_finish_task', { done: true }), finish('It is red.')],
    });
    const { messages } = await record(house.run(team, more));
    team.assertSpent();
    expect(JSON.stringify(team.requestsOf('Ann').at(-1)?.messages)).toMatch(
      /INVALID_ARGUMENT.*result.*INVALID_ARGUMENT/,
    );
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'It is red.' }]);
  });

  test('is not needed: a child that ends without it has its last words as its result', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ text: 'Let me see.', ...echo('a') }, 'It is red.'],
    });
    const { messages } = await record(house.run(team, more));
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'It is red.' }]);
  });

  test('of an earlier task is not the result of the next one', async () => {
    await using house = await createHouse();
    const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
    const team = teamOf({ lead: [delegateTo('Ann'), again, 'Ok.'], Ann: [finish('First.'), 'Second.'] });
    const { messages } = await record(house.run(team, more));
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['First.', 'Second.']);
  });

  test('is offered to children, and to nobody else', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [finish('It is red.')] });
    await record(house.run(team, more));
    expect(team.offeredTo('lead')).toEqual(['echo', 'sys_delegate_task', 'sys_spawn_agent']);
    expect(team.offeredTo('Ann')).toEqual(['echo', 'sys_finish_task']);
  });
});

describe('a result that is very long', () => {
  test('is shown to the parent with its beginning and its end', async () => {
    await using house = await createHouse();
    const long = `${'a'.repeat(30_000)}${'b'.repeat(30_000)}`;
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [finish(long)] });
    const { messages } = await record(house.run(team, more));
    const [told] = resultsOf(messages);
    expect(told?.result).toMatch(/^a{20000}\n\[… 20000 characters are left out; [^\]]+ …\]\nb{20000}$/);
  });
});
