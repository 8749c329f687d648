import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
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
} from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob');
const refusal = (message: unknown) => ({ status: 'error', error_code: 'INVALID_ARGUMENT', message });

describe('a session that works for an agent', () => {
  const goOn = (place: number, agent_id: string) => (request: ChatRequest) =>
    delegate({ agent_id, session_id: sessionsIn(request)[place] ?? '' });

  test('is refused to a task for another agent', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), goOn(0, 'Bob'), 'Ok.'], Ann: [finish('a')], Bob: [] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    const [told] = resultsOf(messages);
    const message = `No task was begun.\nTask 1 ("for Bob"): session "${told?.session_id}" belongs to agent "Ann", not to "Bob".`;
    expect(toldOf(messages)[1]).toEqual(refusal(message));
  });

  test('is given one task in a call', async () => {
    await using house = await createHouse();
    const twice = (request: ChatRequest) => {
      const [session_id = ''] = sessionsIn(request);
      return delegate({ agent_id: 'Ann', session_id }, { agent_id: 'Ann', session_id });
    };
    const team = teamOf({ lead: [delegateTo('Ann'), twice, 'Ok.'], Ann: [finish('a')] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    const [told] = resultsOf(messages);
    const message = `No task was begun.\nTask 2 ("for Ann"): session "${told?.session_id}" has another task in this call. Give it one task, or leave session_id out.`;
    expect(toldOf(messages)[1]).toEqual(refusal(message));
  });

  test('and is busy with a call is refused to another call beside that', async () => {
    await using house = await createHouse();
    const both = (request: ChatRequest) => together(goOn(0, 'Ann')(request), goOn(0, 'Ann')(request));
    const team = teamOf({ lead: [delegateTo('Ann'), both, 'Ok.'], Ann: [finish('a'), finish('b')] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    team.assertSpent();
    const [, second, third] = toldOf(messages);
    expect(second).toMatchObject({ results: [{ status: 'completed', result: 'b' }] });
    const [told] = resultsOf(messages);
    const message = `No task was begun.\nTask 1 ("for Ann"): session "${told?.session_id}" is at work on another task. Wait for its result.`;
    expect(third).toEqual(refusal(message));
  });

  test('is refused to one who is not its parent', async () => {
    await using house = await createHouse();
    const agents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    let bob = '';
    const ends = (request: ChatRequest) => {
      [bob = ''] = sessionsIn(request);
      return finish('a');
    };
    const team = teamOf({
      lead: [delegateTo('Ann'), () => delegate({ agent_id: 'Bob', session_id: bob }), 'Ok.'],
      Ann: [delegateTo('Bob'), ends],
      Bob: [finish('b')],
    });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents: agents }));
    expect(bob).not.toBe('');
    const message = `No task was begun.\nTask 1 ("for Bob"): session "${bob}" works for another agent. Leave session_id out to begin a new one.`;
    expect(toldOf(messages)[1]).toEqual(refusal(message));
  });
});

describe('a child that delegates', () => {
  const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];

  test.each<[string, string, string, Partial<RunOptions>]>([
    [
      'to itself is told who it is',
      'Ann',
      'No task was begun.\nTask 1 ("for Ann"): "Ann" is you. Do it yourself, or give it to another agent.',
      {},
    ],
    [
      'deeper than limits.maxDepth does it itself',
      'Bob',
      'You are on level 1, and nobody may be deeper than level 1. Do the task yourself.',
      { limits: { maxDepth: 1 } },
    ],
  ])('%s', async (_, to, message, more) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [delegateTo(to), finish('a')], Bob: [] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, ...more }));
    const [ann] = resultsOf(messages);
    expect(ann).toMatchObject({ status: 'completed', result: 'a' });
    expect(toldOf(messages, ann?.session_id)[0]).toEqual(refusal(message));
    expect(await house.agent.listChildren('s')).toHaveLength(1);
  });
});
