import { describe, expect, test } from 'vitest';
import { defineTool, textOf } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

const look = defineTool({ name: 'look', description: 'Looks.', effect: 'none', execute: () => 'a field' });
const dig = defineTool({ name: 'dig', description: 'Digs.', execute: () => 'a hole' });
const asking = { inputMessages: [{ role: 'user', content: '<enable_plan>true</enable_plan>Build a house' }] } as const;
const decision = (given: 'start_execution' | 'wait_for_user') => JSON.stringify({ decision: given });
const names = (tools: unknown) => ((tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);

describe('<enable_plan>', () => {
  test('has a plan written with tools that only read, and then carried out', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      call('look'),
      '1. Dig. 2. Build.',
      decision('start_execution'),
      call('dig'),
      'The house stands.',
    ]);
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

  test.each([[decision('wait_for_user')], ['Hm.']])(
    'ends with the plan where the user is to decide, or the decision cannot be understood: %s',
    async (answer) => {
      await using house = await createHouse();
      const answers = ['1. Dig. In which colour?', answer, ...(answer === 'Hm.' ? ['Hm?'] : [])];
      const model = scriptedModel(answers);
      const { messages, outcome } = await record(house.run(model, { ...asking, sessionId: 's' }));
      model.assertSpent();
      expect(outcome).toMatchObject({ status: 'completed', reason: 'need-user-input' });
      expect(messages.map(textOf)).toEqual(['1. Dig. In which colour?', '']);
      const next = scriptedModel(['Built in red.']);
      await record(house.run(next, { sessionId: 's', inputMessages: [{ role: 'user', content: 'In red.' }] }));
      expect(texts(conversations(next)[0]).slice(-2)).toEqual(['1. Dig. In which colour?', 'In red.']);
    },
  );

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
    const model = scriptedModel([...looks, 'Dig.', decision('wait_for_user')]);
    const { outcome } = await record(house.run(model, { ...asking, toolManager: managerOf(seeing), maxLoopCount: 20 }));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input' });
    expect(texts(conversations(model)[8]).at(-1)).toContain('Write the plan now');
  });

  test('plans once, not at each self-check', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Write.', decision('start_execution'), '```js\nopen', 'Closed.']);
    const { outcome } = await record(house.run(model, asking));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true } });
  });
});
