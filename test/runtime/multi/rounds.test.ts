import { describe, expect, test } from 'vitest';
import { httpError, record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { askedFor, judgement, multi, observation, plan } from './support.ts';

describe('a run in multi', () => {
  test('plans, does, looks and judges in rounds until the task is done, and sums up', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      plan('Say a', 'a was said'),
      echo('a'),
      'I said a.',
      observation('a was said', 'b is to be said'),
      judgement('continue', 'b is missing.'),
      plan('Say b'),
      echo('b'),
      'I said b.',
      observation('b was said'),
      judgement('completed', 'Both were said.'),
      'Here are a and b.',
    ]);
    const { messages, outcome } = await record(house.run(model, { ...multi, toolManager: managerOf(echoTool()) }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
    expect(outcome?.usage.calls).toBe(11);
    expect(messages.map(({ message_type, agent_name }) => [message_type, agent_name])).toEqual([
      ['planning', 'task_planning'],
      ['do_subtask_result', 'task_executor'],
      ['tool_call_result', 'task_executor'],
      ['do_subtask_result', 'task_executor'],
      ['observation', 'task_observation'],
      ['task_completion_judge', 'task_completion_judge'],
      ['planning', 'task_planning'],
      ['do_subtask_result', 'task_executor'],
      ['tool_call_result', 'task_executor'],
      ['do_subtask_result', 'task_executor'],
      ['observation', 'task_observation'],
      ['task_completion_judge', 'task_completion_judge'],
      ['final_answer', 'task_summary'],
      ['token_usage', undefined],
    ]);
    expect(messages.at(-2)).toMatchObject({ content: 'Here are a and b.' });
    expect(model.requests.map(askedFor)).toEqual([
      'next_step',
      'text',
      'text',
      'observation',
      'judgement',
      'next_step',
      'text',
      'text',
      'observation',
      'judgement',
      'text',
    ]);
    // Only the executor is offered tools; the planner reads of them.
    expect(model.requests.map(({ tools }) => tools !== undefined)).toEqual(
      [0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0].map(Boolean),
    );
    expect(texts(conversations(model)[0]).at(-1)).toContain('- echo: ');
    expect(texts(conversations(model)[1]).at(-1)).toContain('Say a\nIt has worked when: a was said');
    expectAtRest(await readSession(house.root, 's'));
  });

  test('ends where the judge needs the user', async () => {
    await using house = await createHouse();
    const question = judgement('need_user_input', 'Which colour?');
    const model = scriptedModel([plan('Paint'), 'Which colour?', observation('A question'), question]);
    const { messages, outcome } = await record(house.run(model, multi));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'need-user-input' });
    expect(messages.at(-2)).toMatchObject({ message_type: 'task_completion_judge', content: 'Which colour?' });
  });

  test('ends with a question, and not with an empty one', async () => {
    await using house = await createHouse();
    const empty = judgement('need_user_input', ' ');
    const question = judgement('need_user_input', 'Which colour?');
    const model = scriptedModel([plan('Paint'), 'Which colour?', observation('A question'), empty, question]);
    const { messages, outcome } = await record(house.run(model, multi));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input' });
    expect(messages.at(-2)).toMatchObject({ content: 'Which colour?' });
    expect(texts(conversations(model)[4]).at(-1)).toContain('reason: ');
  });

  test('shows its judge whether the step has worked, and readers what was judged', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      plan('Paint'),
      'Painted.',
      observation('It was tried.', 'All of it', false),
      judgement('continue'),
      plan('Paint again'),
      'Painted.',
      observation('It is red.'),
      judgement('completed'),
      'Red.',
    ]);
    const { messages } = await record(house.run(model, multi));
    expect(texts(conversations(model)[3]).at(-2)).toBe('✗ It was tried.\n\nStill open: All of it');
    expect(texts(conversations(model)[7]).at(-2)).toBe('✓ It is red.');
    expect(texts(conversations(model)[7]).at(-1)).toContain('begins with ✓ where its step has worked');
    const told = messages.filter(({ message_type }) =>
      ['observation', 'task_completion_judge'].includes(String(message_type)),
    );
    expect(told.map(({ metadata }) => metadata)).toEqual([
      { has_worked: false, still_open: 'All of it' },
      { verdict: 'continue' },
      { has_worked: true, still_open: '' },
      { verdict: 'completed' },
    ]);
  });

  test('takes guidance before it plans', async () => {
    await using house = await createHouse();
    const inject = async () => {
      await house.agent.injectUserMessage('s', 'In blue, please.');
      return observation('Red');
    };
    const model = scriptedModel([
      plan('Paint'),
      'Painted.',
      inject,
      judgement('continue'),
      plan('Paint it blue'),
      'Painted.',
      observation('Blue'),
      judgement('completed'),
      'It is blue.',
    ]);
    const { outcome } = await record(house.run(model, multi));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model)[3])).toContain('In blue, please.');
    expect(texts(conversations(model)[2])).not.toContain('In blue, please.');
  });

  test('answers guidance that comes with the summary by its executor, which is not told its step again', async () => {
    await using house = await createHouse();
    const inject = async () => {
      await house.agent.injectUserMessage('s', 'Thanks! And now?');
      return 'All done.';
    };
    const model = scriptedModel([
      plan('Paint'),
      'Painted.',
      observation('Red'),
      judgement('completed'),
      inject,
      'Nothing more.',
    ]);
    const { outcome } = await record(house.run(model, multi));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model)[5]).at(-1)).toBe('Thanks! And now?');
  });
});

describe('an answer that does not fit', () => {
  test('is repaired once: the model is told what is wrong', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      'Let me see…',
      plan('Paint'),
      'Painted.',
      observation('Red'),
      '{"verdict":"maybe"}',
      judgement('completed'),
      'It is red.',
    ]);
    const { outcome } = await record(house.run(model, multi));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(texts(conversations(model)[1]).slice(-2)).toEqual([
      'Let me see…',
      'That cannot be used:\nIt is not JSON.\nAnswer with the JSON object only.',
    ]);
    expect(texts(conversations(model)[5]).at(-1)).toContain('verdict');
    // What was wrong is nobody else's business.
    expect(JSON.stringify(conversations(model)[6])).not.toContain('Let me see');
  });

  test('twice from the judge counts as not done', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      plan('Paint'),
      'Painted.',
      observation('Red'),
      'Yes.',
      'Yes!',
      plan('Look'),
      'It is red.',
      observation('Red'),
      judgement('completed'),
      'Red.',
    ]);
    const { outcome } = await record(house.run(model, multi));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('twice from the planner ends the run, with what to do', async () => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel(['No.', 'No!']), multi));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'flow-error' });
    expect(outcome?.error?.message).toContain('Choose a model that follows a JSON schema');
    expectAtRest(await readSession(house.root, 's'));
  });

  test('from a server without structured output is asked for in words, from then on', async () => {
    await using house = await createHouse();
    const refuse = {
      at: {
        0: () => {
          throw httpError(400, "'response_format' of type 'json_schema' is not supported");
        },
      },
    };
    const model = scriptedModel([
      refuse,
      `\`\`\`json\n${plan('Paint')}\n\`\`\``,
      'Painted.',
      observation('Red'),
      judgement('completed'),
      'Red.',
    ]);
    const { outcome } = await record(house.run(model, multi));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(model.requests.map(askedFor)).toEqual(['next_step', ...Array.from({ length: 5 }, () => 'text')]);
    expect(texts(conversations(model)[1]).at(-1)).toContain('"expected_result"');
  });
});
