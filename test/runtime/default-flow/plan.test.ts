import { describe, expect, test } from 'vitest';
import { defineTool, textOf } from '../../../src/index.ts';
import { httpError, record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

const look = defineTool({ name: 'look', description: 'Looks.', effect: 'none', execute: () => 'a field' });
const dig = defineTool({ name: 'dig', description: 'Digs.', execute: () => 'a hole' });
const asking = { inputMessages: [{ role: 'user', content: '<enable_plan>true</enable_plan>Build a house' }] } as const;
const start = JSON.stringify({ decision: 'start_execution', question: '' });
const wait = (question: string) => JSON.stringify({ decision: 'wait_for_user', question });
const names = (tools: unknown) => ((tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);

describe('<enable_plan>', () => {
  test('has a plan written with tools that only read, and then carried out', async () => {
    await using house = await createHouse();
    const model = scriptedModel([call('look'), '1. Dig. 2. Build.', start, call('dig'), 'The house stands.']);
    const toolManager = managerOf(look, dig);
    const { messages, outcome } = await record(house.run(model, { ...asking, toolManager, sessionId: 's' }));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(model.requests.map(({ tools }) => names(tools))).toEqual([
      ['look'],
      ['look'],
      [],
      ['dig', 'look'],
      ['dig', 'look'],
    ]);
    expect(messages.map(({ message_type, agent_name }) => `${agent_name} ${message_type}`).slice(0, -1)).toEqual([
      'plan planning',
      'plan tool_call_result',
      'plan planning',
      'simple tool_call',
      'simple tool_call_result',
      'simple assistant_text',
    ]);
    expect(texts(conversations(model)[3]).slice(-2)).toEqual(['1. Dig. 2. Build.', 'Carry out the plan now.']);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('ends with a question where the user is to decide', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['1. Dig. 2. Paint.', wait(' '), wait('In which colour?')]);
    const { messages, outcome } = await record(house.run(model, { ...asking, sessionId: 's' }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'need-user-input' });
    expect(messages.map(textOf)).toEqual(['1. Dig. 2. Paint.', 'In which colour?', '']);
    expect(messages.at(-2)).toMatchObject({ agent_name: 'plan', message_type: 'assistant_text' });
    // An empty question is sent back.
    expect(texts(conversations(model)[2]).at(-1)).toContain('question: Ask the user something.');
    const next = scriptedModel(['Built in red.']);
    await record(house.run(next, { sessionId: 's', inputMessages: [{ role: 'user', content: 'In red.' }] }));
    expect(texts(conversations(next)[0]).slice(-2)).toEqual(['In which colour?', 'In red.']);
  });

  const refuse: ScriptedAnswer = {
    at: {
      0: () => {
        throw httpError(401, 'no such key');
      },
    },
  };

  test.each<[string, ScriptedAnswer, string]>([
    ['in the user’s words', 'Soll ich anfangen?', 'Soll ich anfangen?'],
    ['in English where the model fails', refuse, 'Shall I carry out this plan?'],
  ])('asks where the decision cannot be understood, %s', async (_, answer, question) => {
    await using house = await createHouse();
    const model = scriptedModel(['1. Dig.', 'Hm.', 'Hm?', answer]);
    const { messages, outcome } = await record(house.run(model, { ...asking, sessionId: 's' }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'need-user-input' });
    expect(messages.map(textOf)).toEqual(['1. Dig.', question, '']);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('asks for the plan where looking around does not end', async () => {
    await using house = await createHouse();
    const looks = Array.from({ length: 8 }, (_, i) => call('look', { i }));
    const seeing = defineTool({
      name: 'look',
      description: 'Looks.',
      effect: 'none',
      parameters: { type: 'object', properties: { i: { type: 'integer' } } } as const,
      execute: ({ i }) => `field ${i}`,
    });
    const model = scriptedModel([...looks, 'Dig.', wait('Shall I?')]);
    const { outcome } = await record(house.run(model, { ...asking, toolManager: managerOf(seeing), maxLoopCount: 20 }));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input' });
    expect(texts(conversations(model)[8]).at(-1)).toContain('Write the plan now');
  });

  test('plans once, not at each self-check', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Write.', start, '```js\nopen', 'Closed.']);
    const { outcome } = await record(house.run(model, asking));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true } });
  });
});
