import { expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

test('a reader that leaves with the last batch in hand has a run that was done', async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel(['Hi']));
  for await (const batch of run) if (batch.some(({ message_type }) => message_type === 'token_usage')) break;
  expect(await run.outcome).toMatchObject({ status: 'completed', reason: 'done' });
});

test('a reader that leaves with the last piece of the answer in hand has left too early', async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel(['Hi']));
  for await (const batch of run) if (batch.some(({ is_final }) => is_final)) break;
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'reader-gone' });
});
