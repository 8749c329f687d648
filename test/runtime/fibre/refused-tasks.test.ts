import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { record, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { delegate, delegateTo, fibre, subAgents, teamOf, toldOf } from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob');
const refusal = (message: unknown) => ({ status: 'error', error_code: 'INVALID_ARGUMENT', message });

/** What the agent that leads is told of this call, after which nothing may have happened. */
async function tellOf(answer: ScriptedAnswer, more: Partial<RunOptions> = {}): Promise<unknown> {
  await using house = await createHouse();
  const team = teamOf({ lead: [answer, 'Ok.'], Ann: [], Bob: [] });
  const { messages, outcome } = await record(house.run(team, { ...fibre, customSubAgents, ...more }));
  expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 2 } });
  const { entries, state } = await readSession(house.root, 's');
  expect(entries.filter(({ type }) => type === 'child_started' || type === 'intents')).toEqual([]);
  expect(state.children).toEqual([]);
  const told = toldOf(messages);
  expect(told).toHaveLength(1);
  return told[0];
}

describe('a delegation is refused whole, and nothing is begun,', () => {
  test.each<[string, ScriptedAnswer, string, Partial<RunOptions>?]>([
    [
      'for an agent nobody knows',
      delegateTo('Ann', 'Eve'),
      'No task was begun.\nTask 2 ("for Eve"): there is no agent "Eve". There are: Ann, Bob.',
    ],
    [
      'for any agent where there is none',
      delegateTo('Ann'),
      'No task was begun.\nTask 1 ("for Ann"): there is no agent "Ann". There are none yet: make one with sys_spawn_agent.',
      { customSubAgents: [] },
    ],
    [
      'for a task that says nothing',
      delegate({ agent_id: 'Ann', content: ' \n' }, { agent_id: 'Bob' }),
      'No task was begun.\nTask 1 ("for Ann"): its content is empty. Write what is to be done.',
    ],
    [
      'for a session nobody knows',
      delegate({ agent_id: 'Ann', session_id: 'nobody' }),
      'No task was begun.\nTask 1 ("for Ann"): there is no session "nobody" of yours. Leave session_id out to begin a new one.',
    ],
    [
      'for the session that delegates',
      delegate({ agent_id: 'Ann', session_id: 's' }),
      'No task was begun.\nTask 1 ("for Ann"): session "s" works for another agent. Leave session_id out to begin a new one.',
    ],
    [
      'with every fault of every task told',
      delegate({ agent_id: 'Eve' }, { agent_id: 'Ann' }, { agent_id: 'Bob', content: ' ' }),
      'No task was begun.\nTask 1 ("for Eve"): there is no agent "Eve". There are: Ann, Bob.\nTask 3 ("for Bob"): its content is empty. Write what is to be done.',
    ],
    [
      'for more tasks than one call may have',
      delegateTo('Ann', 'Bob', 'Ann'),
      'These are 3 tasks; one call may have 2. Send fewer at a time.',
      { limits: { maxChildrenPerCall: 2 } },
    ],
    [
      'for more new sessions than the tree may get',
      delegateTo('Ann', 'Bob', 'Ann'),
      'This run may have 2 new sessions, and 2 of them are left; these tasks need 3. Go on in sessions you have, or do the rest yourself.',
      { limits: { maxChildrenPerTree: 2 } },
    ],
  ])('%s', async (_, answer, message, more) => {
    expect(await tellOf(answer, more)).toEqual(refusal(message));
  });

  test.each<[string, unknown]>([
    ['no tasks', {}],
    ['an empty list', { tasks: [] }],
    ['a task without content', { tasks: [{ agent_id: 'Ann', task_name: 'x' }] }],
    ['a field nobody knows', { tasks: [{ agent_id: 'Ann', task_name: 'x', content: 'y', model: 'z' }] }],
    ['a name that is too long', { tasks: [{ agent_id: 'Ann', task_name: 'x'.repeat(81), content: 'y' }] }],
  ])('for arguments that do not fit: %s', async (_, args) => {
    const words = expect.stringMatching(
      /^The arguments of tool "sys_delegate_task" do not fit its parameters: .*tasks/,
    );
    expect(await tellOf(call('sys_delegate_task', args))).toEqual(refusal(words));
  });

  test('for JSON that is broken', async () => {
    const broken = { toolCalls: [{ name: 'sys_delegate_task', arguments: '{"tasks":[' }] };
    expect(await tellOf(broken)).toEqual(refusal(expect.stringContaining('not valid JSON')));
  });
});
