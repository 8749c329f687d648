import { describe, expect, test } from 'vitest';
import { defineTool, type RunOptions, type SessionStatus } from '../../../src/index.ts';
import { httpError, record, stall, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';
import { delegateTo, fibre, finish, resultsOf, subAgents, teamOf, watch, type Told } from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob');
const refuse = () => Promise.reject(httpError(400, 'No.'));

const failures: [string, readonly ScriptedAnswer[], SessionStatus, Partial<Told>, Partial<RunOptions>?][] = [
  [
    'whose model fails',
    [{ text: ['I am ', 'here'], at: { 1: refuse } }],
    'failed',
    { status: 'failed', reason: 'model-error', result: 'I am ', error: expect.stringContaining('No.') },
  ],
  [
    'that goes in a circle',
    Array.from({ length: 4 }, () => echo('again')),
    'completed',
    { status: 'failed', reason: 'loop-detected', error: expect.stringContaining('circle') },
  ],
  [
    'that uses up its steps',
    [echo('1'), { text: 'Nearly.', ...echo('2') }],
    'completed',
    { status: 'failed', reason: 'max-loops', result: 'Nearly.', error: expect.stringContaining('steps') },
    { maxLoopCount: 2 },
  ],
  [
    'that says it cannot be done',
    [finish('The door is shut.', 'failed')],
    'completed',
    { status: 'failed', reason: 'gave-up', result: 'The door is shut.' },
  ],
  [
    'that stalls',
    [{ text: ['I am ', 'here'], at: { 1: stall } }],
    'interrupted',
    { status: 'interrupted', reason: 'deadline', result: 'I am ', error: expect.stringContaining('chunkMs') },
    { deadlines: { chunkMs: 40 } },
  ],
];

describe('a child', () => {
  test.each(failures)(
    '%s is a failed result, while the others go on and the run completes',
    async (_, ann, status, told, more) => {
      await using house = await createHouse();
      const annEnded = Promise.withResolvers<void>();
      const team = teamOf({
        lead: [delegateTo('Ann', 'Bob'), 'Bob has done it.'],
        Ann: ann,
        Bob: [async () => (await annEnded.promise, 'b')],
      });
      const run = house.run(team, { ...fibre, customSubAgents, toolManager: managerOf(echoTool()), ...more });
      const { messages, outcome } = await watch(run, ({ message_type }) => {
        if (message_type === 'token_usage') annEnded.resolve();
      });
      team.assertSpent();
      const results = resultsOf(messages);
      expect(results).toMatchObject([told, { status: 'completed', result: 'b' }]);
      expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
      const delegation = messages.find(({ metadata }) => metadata?.['tool_name'] === 'sys_delegate_task');
      expect(delegation?.metadata).toMatchObject({ tool_execution_status: 'error' });
      const children = await house.agent.listChildren('s');
      expect(children?.map((child) => child.status)).toEqual([status, 'completed']);
      const { result: _text, ...result } = told;
      expect(children?.[0]?.result).toMatchObject(result);
      expectAtRest(await readSession(house.root, 's'));
    },
  );

  test('that is interrupted is a failed result, which says why, while the others go on', async () => {
    await using house = await createHouse();
    const interrupted = Promise.withResolvers<boolean>();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), 'Bob has done it.'],
      Ann: [{ text: ['I am ', 'here'], at: { 1: stall } }],
      Bob: [async () => (await interrupted.promise, 'b')],
    });
    const run = house.run(team, { ...fibre, customSubAgents });
    const { messages, outcome } = await watch(run, ({ session_id, content }) => {
      if (content === 'I am ')
        void house.agent.interruptSession(session_id, 'not needed any more').then(interrupted.resolve);
    });
    expect(await interrupted.promise).toBe(true);
    expect(resultsOf(messages)).toMatchObject([
      {
        status: 'interrupted',
        reason: 'interrupted',
        result: 'I am ',
        error: 'It was stopped: not needed any more.',
      },
      { status: 'completed', result: 'b' },
    ]);
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
    const children = await house.agent.listChildren('s');
    expect(children?.map(({ status }) => status)).toEqual(['interrupted', 'completed']);
  });

  test('whose tool throws is told so, and may go on', async () => {
    await using house = await createHouse();
    const broken = defineTool({
      name: 'broken',
      description: 'Fails.',
      execute: () => {
        throw new Error('The oven is cold.');
      },
    });
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [call('broken'), finish('I did it by hand.')] });
    const run = house.run(team, { ...fibre, customSubAgents, toolManager: managerOf(broken) });
    const { messages } = await record(run);
    expect(JSON.stringify(team.requestsOf('Ann')[1]?.messages)).toContain('The oven is cold.');
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'I did it by hand.' }]);
  });

  test('that fails in every one of several runs costs its parent nothing but the result', async () => {
    await using house = await createHouse();
    const fails = { text: 'x', at: { 0: refuse } };
    const team = teamOf({
      lead: [delegateTo('Ann'), delegateTo('Ann'), 'I give up.'],
      Ann: [fails, fails],
    });
    const { messages, text, outcome } = await record(house.run(team, { ...fibre, customSubAgents }));
    expect(resultsOf(messages).map(({ reason }) => reason)).toEqual(['model-error', 'model-error']);
    expect([text, outcome.reason]).toEqual(['I give up.', 'done']);
  });
});
