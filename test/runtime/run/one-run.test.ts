import { expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

test('a second run of a live session is refused at its first next(), and the first goes on', async () => {
  await using house = await createHouse();
  const first = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
  await first.next();
  const second = house.run(scriptedModel([]), { sessionId: 's' });
  await expect(second.next()).rejects.toMatchObject({ code: 'session-busy', facts: { sessionId: 's' } });
  await expect(second.outcome).rejects.toMatchObject({ code: 'session-busy' });
  expect((await record(first)).outcome).toMatchObject({ reason: 'done' });
});

test('an agent beside it, on the same folder, is refused as well', async () => {
  await using house = await createHouse();
  const first = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
  await first.next();
  const beside = house.restart().runStream(house.options(scriptedModel([]), { sessionId: 's' }));
  await expect(beside.next()).rejects.toMatchObject({ code: 'session-busy' });
  await first.return();
});

test('a session is live from the first next() to the outcome', async () => {
  await using house = await createHouse();
  const { agent } = house;
  const run = house.run(scriptedModel(['Hi']), { sessionId: 's' });
  expect(agent.listActiveSessions()).toEqual([]);
  await run.next();
  expect(agent.listActiveSessions()).toEqual([{ sessionId: 's', runId: run.runId, status: 'running' }]);
  expect(await agent.getSessionStatus('s')).toBe('running');
  for await (const _ of run);
  expect(agent.listActiveSessions()).toEqual([]);
  expect(await agent.getSessionStatus('s')).toBe('completed');
});

test('runs of different sessions run side by side', async () => {
  await using house = await createHouse();
  const runs = ['a', 'b', 'c'].map((sessionId) => house.run(scriptedModel([`I am ${sessionId}`]), { sessionId }));
  const transcripts = await Promise.all(runs.map((run) => record(run)));
  expect(transcripts.map(({ text }) => text)).toEqual(['I am a', 'I am b', 'I am c']);
});
