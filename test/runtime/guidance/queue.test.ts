import { describe, expect, test } from 'vitest';
import type { SAgent } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';

const ids = async (agent: SAgent) => (await agent.listPendingUserInjections('s')).map(({ guidance_id }) => guidance_id);

/** A run that stands in the middle of its only answer, with "a", "b" and "c" pending. */
async function withPending(house: TestHouse) {
  const run = house.run(scriptedModel([{ text: ['I ', 'am done'] }, 'Then so']), { sessionId: 's' });
  await run.next();
  for (const guidanceId of ['a', 'b', 'c'])
    await house.agent.injectUserMessage('s', `Say ${guidanceId}`, { guidanceId });
  return run;
}

describe.each(['live', 'at rest'])('the queue of a session %s', (when) => {
  async function open(house: TestHouse) {
    const run = await withPending(house);
    if (when === 'at rest') await run.return();
    return run;
  }

  test('lists what is pending, in order', async () => {
    await using house = await createHouse();
    await open(house);
    expect(await house.agent.listPendingUserInjections('s')).toEqual(
      ['a', 'b', 'c'].map((id) => ({ guidance_id: id, content: `Say ${id}`, metadata: {}, timestamp: 1_767_225_600 })),
    );
  });

  test('updates in place and deletes what is pending, and nothing else', async () => {
    await using house = await createHouse();
    await open(house);
    const { agent } = house;
    expect(await agent.updatePendingUserInjection('s', 'a', 'Say A')).toBe(true);
    expect(await agent.deletePendingUserInjection('s', 'b')).toBe(true);
    expect(await agent.deletePendingUserInjection('s', 'b')).toBe(false);
    expect(await agent.updatePendingUserInjection('s', 'b', 'Say B')).toBe(false);
    expect(await agent.updatePendingUserInjection('s', 'nobody', 'Say it')).toBe(false);
    expect(await agent.listPendingUserInjections('s')).toMatchObject([
      { guidance_id: 'a', content: 'Say A' },
      { guidance_id: 'c', content: 'Say c' },
    ]);
  });

  test('takes edits that come together', async () => {
    await using house = await createHouse();
    await open(house);
    const { agent } = house;
    const edits = await Promise.all([
      agent.updatePendingUserInjection('s', 'a', 'Say A'),
      agent.deletePendingUserInjection('s', 'b'),
      agent.deletePendingUserInjection('s', 'b'),
      agent.updatePendingUserInjection('s', 'c', 'Say C'),
    ]);
    expect(edits.filter(Boolean)).toHaveLength(3);
    expect(await agent.listPendingUserInjections('s')).toMatchObject([{ content: 'Say A' }, { content: 'Say C' }]);
  });

  test('refuses to be updated to nothing', async () => {
    await using house = await createHouse();
    await open(house);
    const update = house.agent.updatePendingUserInjection('s', 'a', ' ');
    await expect(update).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'content' } });
  });

  test('outlives its agent', async () => {
    await using house = await createHouse();
    const run = await open(house);
    await house.agent.deletePendingUserInjection('s', 'b');
    if (when === 'live') await run.return();
    expect(await ids(house.restart())).toEqual(['a', 'c']);
  });

  test('is drained whole, in order, into the next request', async () => {
    await using house = await createHouse();
    const run = await open(house);
    await house.agent.updatePendingUserInjection('s', 'b', 'Say B');
    const next = when === 'live' ? run : house.run(scriptedModel(['All said']), { sessionId: 's', inputMessages: [] });
    for await (const _ of next);
    expect(await ids(house.agent)).toEqual([]);
    const users = (await house.agent.getMessages('s'))?.filter(({ role }) => role === 'user');
    expect(users?.map(({ content }) => content)).toEqual(['Hello', 'Say a', 'Say B', 'Say c']);
  });
});

describe('the queue', () => {
  test('of an unknown session is empty', async () => {
    await using house = await createHouse();
    expect(await house.agent.listPendingUserInjections('nobody')).toEqual([]);
    expect(await house.agent.updatePendingUserInjection('nobody', 'g', 'Hi')).toBe(false);
    expect(await house.agent.deletePendingUserInjection('nobody', 'g')).toBe(false);
  });

  test('may be edited at rest while a run begins, which is not refused for it', async () => {
    await using house = await createHouse();
    await (await withPending(house)).return();
    const edits = [
      house.agent.deletePendingUserInjection('s', 'a'),
      house.agent.updatePendingUserInjection('s', 'b', 'Say B'),
    ];
    const model = scriptedModel(['Hi']);
    const run = house.run(model, { sessionId: 's' });
    for await (const _ of run);
    const [deleted, updated] = await Promise.all(edits);
    const [, , ...asked] = texts(conversations(model)[0]);
    expect(asked).toEqual(['Hello', ...(deleted ? [] : ['Say a']), updated ? 'Say B' : 'Say b', 'Say c']);
  });
});
