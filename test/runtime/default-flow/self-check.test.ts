import { describe, expect, test } from 'vitest';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { agent, flow, sequence } from '../flow/nodes.ts';

const toolManager = new ToolManager({ tools: builtinTools() });

describe('an answer is checked without a model', () => {
  test('tags are to be balanced where the system message names their end', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['<answer>42', '<answer>42</answer>']);
    await record(house.run(model, { systemPrefix: 'Answer in <answer>…</answer>.' }));
    expect(texts(conversations(model)[1]).at(-1)).toContain('The tag <answer> is opened and not closed.');
    const free = scriptedModel(['<file> is the file to read\n<path d="M0 0" />']);
    expect((await record(house.run(free))).outcome).toMatchObject({ selfCheck: { passed: true } });
  });

  test('three times at most; what is still wrong is in the outcome, and in no later turn', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['[a](a.md)', '[b](b.md)', '[c](c.md)']);
    const { outcome } = await record(house.run(model, { toolManager, sessionId: 's' }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done', selfCheck: { passed: false } });
    expect(outcome?.selfCheck?.issues.join()).toContain('"c.md"');
    const next = scriptedModel(['Hello.']);
    await record(house.run(next, { toolManager, sessionId: 's' }));
    expect(texts(conversations(next)[0]).slice(-2)).toEqual(['[c](c.md)', 'Hello']);
  });

  test('open tasks of a list that was begun are told of, unless something is asked', async () => {
    await using house = await createHouse();
    const begun = { id: 'a', content: 'Look', status: 'in_progress' };
    const model = scriptedModel([
      call('todo_write', { tasks: [begun] }),
      'Done.',
      call('todo_write', { tasks: [{ id: 'a', status: 'completed' }] }),
      'Done now.',
    ]);
    await record(house.run(model, { toolManager }));
    expect(texts(conversations(model)[2]).at(-1)).toContain('tasks that are not completed: a (Look)');
    const asking = scriptedModel([call('todo_write', { tasks: [{ ...begun, id: 'b' }] }), 'Shall I go on?']);
    expect((await record(house.run(asking, { toolManager }))).outcome).toMatchObject({ selfCheck: { passed: true } });
  });

  test('the list of an earlier run is nobody’s concern, nor one that no tool can change any more', async () => {
    await using house = await createHouse();
    const tasks = [{ id: 'a', content: 'Look', status: 'in_progress' }];
    const first = scriptedModel([call('todo_write', { tasks }), 'Shall I go on?']);
    await record(house.run(first, { toolManager, sessionId: 's' }));
    const hello = scriptedModel(['Hello.']);
    const { outcome } = await record(house.run(hello, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
    const without = sequence(agent('simple'), agent('self_check', { available_tools: [] }));
    const last = scriptedModel([call('todo_write', { tasks }), 'Done.']);
    const checked = await record(house.run(last, { toolManager, customFlow: flow(without) }));
    expect(checked.outcome).toMatchObject({ selfCheck: { passed: true } });
  });
});
