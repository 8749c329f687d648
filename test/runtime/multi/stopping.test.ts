import { describe, expect, test } from 'vitest';
import { textOf, type RunOptions } from '../../../src/index.ts';
import type { Entry } from '../../../src/session/entry.ts';
import { httpError, record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { judgement, multi, observation, plan } from './support.ts';

const refuse: ScriptedAnswer = {
  at: {
    0: () => {
      throw httpError(401, 'no such key');
    },
  },
};
const inGerman = [{ role: 'user', content: 'Mach es bitte.' }] as const;
const round = (stillOpen: string) => [
  plan('Try'),
  'I tried.',
  observation('Nothing', stillOpen),
  judgement('continue'),
];
const circle = Array.from({ length: 4 }, () => echo('a'));

/** The answers until the work has to stop, with the options of the run, how it ends, and what is told of why. */
const stories: [string, readonly ScriptedAnswer[], Partial<RunOptions>, string, string][] = [
  ['the rounds', [...round('All'), ...round('The rest')], { maxLoopCount: 2 }, 'max-loops', 'had all 2 rounds'],
  ['the only round', round('The rest'), { maxLoopCount: 1 }, 'max-loops', 'had the one round'],
  [
    'the executor’s calls in the first of three rounds',
    [plan('Try'), echo('a'), echo('b'), 'Ready.', observation('a', 'The rest'), judgement('continue')],
    { maxLoopCount: 3 },
    'max-loops',
    'made all 3 model calls with tools it may make (maxLoopCount), in round 1',
  ],
  [
    'the executor’s calls, in the middle of a step',
    [...round('The rest'), plan('Again'), echo('a'), echo('b')],
    { maxLoopCount: 3 },
    'max-loops',
    'made all 3 model calls with tools it may make (maxLoopCount), in round 2',
  ],
  [
    'patience with an executor that goes in a circle',
    [...round('The rest'), plan('Again'), ...circle],
    {},
    'loop-detected',
    'the same calls were made again and again, with the same results, in round 2',
  ],
];

describe.each(stories)('work that has used up %s', (_, answers, more, reason, why) => {
  const options = { ...multi, ...more, inputMessages: inGerman, toolManager: managerOf(echoTool()) };

  test('ends with what the model tells of it, in the user’s language', async () => {
    await using house = await createHouse();
    const model = scriptedModel([...answers, 'Ich musste aufhören.']);
    const { messages, outcome } = await record(house.run(model, options));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason });
    expect(messages.at(-2)).toMatchObject({ message_type: 'final_answer', content: 'Ich musste aufhören.' });
    const asked = texts(conversations(model).at(-1)).at(-1) ?? '';
    expect(asked).toContain(why);
    expect(asked).toContain('this was still open: The rest');
    expect(model.requests.at(-1)).not.toHaveProperty('tools');
    expectAtRest(await readSession(house.root, 's'));
  });

  test('ends in plain English where the model fails at that, or has no words', async () => {
    for (const silent of [refuse, '', ' ']) {
      await using house = await createHouse();
      const model = scriptedModel([...answers, silent]);
      const { messages, outcome } = await record(house.run(model, options));
      model.assertSpent();
      expect(outcome).toMatchObject({ status: 'completed', reason });
      const told = textOf(messages.at(-2) ?? {});
      expect(told).toMatch(/^I have stopped before the task was done: /);
      expect(told).toContain(why);
      expect(told).toContain('\n\nStill open: The rest');
      expectAtRest(await readSession(house.root, 's'));
    }
  });
});

const isStop = (entry: Entry, isTold: boolean) =>
  entry.type === 'run_state' && entry.key === 'task_stopped' && JSON.stringify(entry.value).includes(`:${isTold}`);

test.each<[string, (entry: Entry) => boolean, boolean]>([
  ['before it told why', (entry) => isStop(entry, false), false],
  ['when the model was asked to', ({ type }) => type === 'model_called', false],
  ['in the middle of that', ({ type }) => type === 'pieces', false],
  ['when it had told it', (entry) => isStop(entry, true), true],
])('a run that is killed %s tells it once, and calls no tool again', async (_, isLast, isTold) => {
  await using house = await createHouse();
  const options = { ...multi, toolManager: managerOf(echoTool()) };
  const ending = { text: ['I went ', 'in a circle.'] };
  await record(house.run(scriptedModel([plan('Try'), ...circle, ending]), options));
  crashAfter(house.root, 's', isLast);
  const model = scriptedModel(isTold ? [] : [ending]);
  const { outcome } = await record(house.restart().runStream(house.options(model, { ...options, inputMessages: [] })));
  model.assertSpent();
  expect(outcome.reason).toBe('loop-detected');
  const after = await readSession(house.root, 's');
  expectAtRest(after);
  const told = after.messages.filter(
    ({ message_type, metadata }) => message_type === 'final_answer' && metadata?.['incomplete'] === undefined,
  );
  expect(told.map(textOf)).toEqual(['I went in a circle.']);
});
