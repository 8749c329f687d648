import { expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';

test('with a signal that has aborted already the input is stored and no model is called', async () => {
  await using house = await createHouse();
  const model = scriptedModel([]);
  const { outcome, chunks } = await record(house.run(model, { signal: AbortSignal.abort(), sessionId: 's' }));
  expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', usage: { calls: 0 } });
  expect(model.requests).toEqual([]);
  expect(chunks.map(({ message_type }) => message_type)).toEqual(['token_usage']);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(stored.messages[0]).toMatchObject({ role: 'user', content: 'Hello' });
});

test('what was stored then is answered by the next run', async () => {
  await using house = await createHouse();
  await record(house.run(scriptedModel([]), { signal: AbortSignal.abort(), sessionId: 's' }));
  const model = scriptedModel(['Both']);
  await record(house.run(model, { inputMessages: [{ role: 'user', content: 'And you?' }], sessionId: 's' }));
  const [, first, second] = model.requests[0]?.messages ?? [];
  expect([first.content, second.content]).toEqual([
    expect.stringContaining('Hello'),
    expect.stringContaining('And you?'),
  ]);
});

test('a signal that aborts while the session is being opened stops the run before its first model call', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const model = scriptedModel([]);
  const run = house.run(model, { signal: controller.signal });
  const first = run.next();
  controller.abort();
  await first;
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'aborted' });
  expect(model.requests).toEqual([]);
});
