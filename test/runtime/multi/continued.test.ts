import { expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { textOf, type Message } from '../../../src/index.ts';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { askedFor, judgement, multi, observation, plan } from './support.ts';

/** Answers by what the request shows, so that it does not matter how often it is asked: two rounds, then the summary. */
function answer(request: ChatRequest): Exclude<ScriptedAnswer, (...args: never) => unknown> {
  const said = JSON.stringify(request.messages);
  const isSecond = said.includes('Something is missing.');
  const word = isSecond ? 'b' : 'a';
  switch (askedFor(request)) {
    case 'next_step':
      return plan(`Say ${word}`);
    case 'observation':
      return observation(`${word} was said`);
    case 'judgement':
      return isSecond ? judgement('completed', 'All is there.') : judgement('continue', 'Something is missing.');
    default:
      if (request.tools === undefined) return 'Here are a and b.';
      return said.includes(`"echo: ${word}"`) || said.includes(`\\"text\\":\\"${word}\\"`)
        ? `Said ${word}.`
        : echo(word);
  }
}

const always = () => scriptedModel(Array.from({ length: 40 }, () => answer));
const options = () => ({ ...multi, toolManager: managerOf(echoTool()) });

test('a run in multi that was killed after any entry says each thing once, and comes to the same end', async () => {
  await using whole = await createHouse();
  await record(whole.run(always(), options()));
  const stored = await readSession(whole.root, 's');
  const types = (messages: readonly Message[]) =>
    messages.map((message) => `${message.message_type} ${textOf(message)}`);
  const expected = types(stored.messages);
  const started = stored.entries.findIndex(({ type }) => type === 'run_started');
  expect(expected.filter((text) => text.startsWith('planning'))).toHaveLength(2);
  for (let last = started + 1; last < stored.entries.length - 2; last += 1) {
    await using house = await createHouse();
    await record(house.run(always(), options()));
    let seen = -1;
    crashAfter(house.root, 's', () => (seen += 1) === last);
    const { outcome } = await record(
      house.restart().runStream(house.options(always(), { ...options(), inputMessages: [] })),
    );
    expect([last, outcome?.reason]).toEqual([last, 'done']);
    const after = await readSession(house.root, 's');
    expectAtRest(after);
    const finished = after.messages.filter(
      (message) =>
        message.metadata?.['incomplete'] === undefined && !textOf(message).startsWith('Your last message was cut off.'),
    );
    expect([last, ...types(finished)]).toEqual([last, ...expected]);
  }
});
