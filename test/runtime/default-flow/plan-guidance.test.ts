import { describe, expect, test } from 'vitest';
import { textOf } from '../../../src/index.ts';
import type { Entry } from '../../../src/session/entry.ts';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';

const inputMessages = [{ role: 'user', content: '<enable_plan>true</enable_plan>Paint the roof' }] as const;
const options = { inputMessages, sessionId: 's' };
const start = JSON.stringify({ decision: 'start_execution', question: '' });
const wait = JSON.stringify({ decision: 'wait_for_user', question: 'Shall I?' });

const isRewriting = (entry: object) => JSON.stringify(entry).includes('{"rewrites":1,"isWritten":false}');

/** An answer during which the user says something. */
function meanwhile(house: TestHouse, answer: string, said: string): ScriptedAnswer {
  return { text: answer, at: { 1: () => house.agent.injectUserMessage('s', said) } };
}

describe('guidance while a plan is made', () => {
  test('that comes with the plan’s last words is answered by a plan that is written anew', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      meanwhile(house, 'A red roof.', 'Make it blue; what does blue cost?'),
      'Blue costs 5. A blue roof.',
      wait,
    ]);
    const { messages, outcome } = await record(house.run(model, options));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input', pendingGuidance: [] });
    expect(messages.map(textOf)).toEqual([
      'A red roof.',
      'Make it blue; what does blue cost?',
      'Blue costs 5. A blue roof.',
      'Shall I?',
      '',
    ]);
    expect(texts(conversations(model)[1]).slice(-2)).toEqual([
      expect.stringContaining('write the whole plan anew'),
      'Make it blue; what does blue cost?',
    ]);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('that comes with a decision to wait is answered by a new plan, too', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['A red roof.', meanwhile(house, wait, 'Blue.'), 'A blue roof.', start, 'Painted.']);
    const { messages, outcome } = await record(house.run(model, options));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(messages.map(textOf)).toEqual(['A red roof.', 'Blue.', 'A blue roof.', 'Painted.', '']);
  });

  test('that comes with a decision to start goes to whoever carries the plan out', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['A red roof.', meanwhile(house, start, 'Blue.'), 'Painted it blue.']);
    const { outcome } = await record(house.run(model, options));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model)[2]).slice(-2)).toEqual(['Carry out the plan now.', 'Blue.']);
  });

  test('has the plan written anew three times; then it stays pending, and is not consumed', async () => {
    await using house = await createHouse();
    const plans = [1, 2, 3, 4].map((n) => meanwhile(house, `Plan ${n}.`, `More ${n}`));
    const model = scriptedModel([...plans, wait]);
    const { outcome } = await record(house.run(model, options));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input' });
    expect(outcome.pendingGuidance).toHaveLength(1);
    const next = scriptedModel(['Yes.']);
    await record(house.run(next, { sessionId: 's', inputMessages: [] }));
    expect(texts(conversations(next)[0]).slice(-2)).toEqual(['Shall I?', 'More 4']);
  });

  test('stays pending where no step is left to answer it', async () => {
    await using house = await createHouse();
    const model = scriptedModel([meanwhile(house, 'A red roof.', 'Blue.'), wait]);
    const { outcome } = await record(house.run(model, { ...options, maxLoopCount: 1 }));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'need-user-input' });
    expect(outcome.pendingGuidance).toHaveLength(1);
  });
});

test.each<[string, (entry: Entry) => boolean]>([
  ['was told to write its plan anew', ({ type, ...entry }) => type === 'run_state' && isRewriting(entry)],
  ['had taken what the user said', (entry) => entry.type === 'message' && entry.message.content === 'Blue.'],
])('a run that died when it %s writes it once', async (_, isLast) => {
  await using house = await createHouse();
  const answers = [meanwhile(house, 'Red.', 'Blue.'), 'Blue it is.', start, 'Painted.'];
  await record(house.run(scriptedModel(answers), options));
  crashAfter(house.root, 's', isLast);
  const model = scriptedModel(['Blue it is.', start, 'Painted.']);
  const { outcome } = await record(house.restart().runStream(house.options(model, { ...options, inputMessages: [] })));
  model.assertSpent();
  expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  const said = stored.messages.map(textOf);
  expect(said.filter((text) => text.includes('write the whole plan anew'))).toHaveLength(1);
  expect(said.filter((text) => text === 'Blue.')).toHaveLength(1);
});
