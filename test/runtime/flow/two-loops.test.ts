import { describe, expect, test } from 'vitest';
import { textOf, type FlowNode, type RunOptions } from '../../../src/index.ts';
import type { Entry } from '../../../src/session/entry.ts';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { judgement, plan } from '../multi/support.ts';
import { agent, doer, flow, loop, sequence, simple } from './nodes.ts';

/** A broken answer is checked, told of, and given again. */
const checked = (name: string) => loop('self_check_should_retry', sequence(simple({ name }), agent('self_check')), 3);
const worked = () =>
  loop(
    'task_not_completed',
    sequence(...['task_planning', 'task_executor', 'task_completion_judge'].map((key) => agent(key))),
  );
const options = (...steps: FlowNode[]): Partial<RunOptions> => ({
  sessionId: 's',
  customFlow: flow(sequence(...steps)),
});

const broken = '```js\nopen';
const twice: readonly ScriptedAnswer[] = ['Written.', broken, broken, 'Edited.'];

const isChecked = (entry: Entry, passed: boolean) =>
  entry.type === 'run_state' && entry.key === 'self_check_passed' && entry.value === passed;

describe('the second of two loops on the same condition', () => {
  test('checks its own answers, as often as the first', async () => {
    await using house = await createHouse();
    const model = scriptedModel(twice);
    const { messages, outcome } = await record(house.run(model, options(checked('writer'), checked('editor'))));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true, issues: [] } });
    expect(messages.map((message) => [message.agent_name, textOf(message)]).slice(0, -1)).toEqual([
      ['writer', 'Written.'],
      ['editor', broken],
      ['editor', broken],
      ['editor', 'Edited.'],
    ]);
  });

  test('has rounds of its own, and its executor is told its step', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      plan('Dig'),
      'Dug.',
      judgement('completed'),
      plan('Paint'),
      'Painted.',
      judgement('completed'),
    ]);
    const { outcome } = await record(house.run(model, options(worked(), worked())));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
    const asked = conversations(model).map((conversation) => texts(conversation).at(-1));
    expect(asked[3]).toContain('This is round 1 of');
    expect(asked[4]).toContain('Carry out this step of the plan now');
    expect(asked[4]).toContain('Paint');
  });

  test('inside another loop begins anew in each of its turns', async () => {
    let turns = 0;
    await using house = await createHouse({ agents: [doer('count', () => void (turns += 1))] });
    house.agent.registerCondition('twice', () => turns < 2);
    const model = scriptedModel(['One.', 'Two.']);
    const root = loop('twice', sequence(agent('count'), checked('writer')));
    expect((await record(house.run(model, options(root)))).text).toBe('One.Two.');
    model.assertSpent();
  });

  test.each<[string, (entry: Entry) => boolean]>([
    ['as it began', (entry) => entry.type === 'run_state' && entry.value === undefined],
    ['behind its second answer', (entry) => isChecked(entry, false)],
    ['behind its last answer', (entry) => isChecked(entry, true)],
  ])('goes on after a crash %s with what it has come to itself', async (_, isLast) => {
    await using house = await createHouse();
    const both = options(checked('writer'), checked('editor'));
    await record(house.run(scriptedModel(twice), both));
    crashAfter(house.root, 's', isLast);
    const { messages } = await readSession(house.root, 's');
    const said = messages.filter(({ role }) => role === 'assistant');
    const model = scriptedModel(twice.slice(said.length));
    const { outcome } = await record(house.restart().runStream(house.options(model, { ...both, inputMessages: [] })));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true } });
    expectAtRest(await readSession(house.root, 's'));
  });
});

test('a loop goes by what was found before it, outside of any loop', async () => {
  await using house = await createHouse();
  const model = scriptedModel(['Written.']);
  const root = [simple(), agent('self_check'), checked('mender')];
  const { outcome } = await record(house.run(model, options(...root)));
  model.assertSpent();
  expect(outcome).toMatchObject({ reason: 'done' });
});
