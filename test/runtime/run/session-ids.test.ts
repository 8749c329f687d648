import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

const refused = [
  '',
  '.',
  '..',
  'a/b',
  'a\\b',
  '../a',
  '/etc',
  'a b',
  'a\0b',
  'ä',
  'a\n',
  'a'.repeat(129),
  'a'.repeat(300),
];
const taken = ['a', '...', '-', '_', '.a', 'A.b_C-9', 'a'.repeat(128)];

describe('a session id', () => {
  test.each(refused)('%j is refused by runs', async (sessionId) => {
    await using house = await createHouse();
    const wrong = expect.objectContaining({
      code: 'invalid-argument',
      facts: expect.objectContaining({ option: 'sessionId' }),
    });
    expect(() => house.run(scriptedModel([]), { sessionId })).toThrow(wrong);
  });

  test.each(refused)('%j is refused by every helper', async (sessionId) => {
    await using house = await createHouse();
    const { agent } = house;
    const calls: (() => Promise<unknown>)[] = [
      () => agent.getSessionStatus(sessionId),
      () => agent.getMessages(sessionId),
      () => agent.followSession(sessionId).next(),
      () => agent.injectUserMessage(sessionId, 'Hi'),
      () => agent.listPendingUserInjections(sessionId),
      () => agent.updatePendingUserInjection(sessionId, 'g', 'Hi'),
      () => agent.deletePendingUserInjection(sessionId, 'g'),
      () => agent.interruptSession(sessionId),
      () => agent.cleanupSession(sessionId),
      () => agent.deleteSession(sessionId),
      () => agent.saveSession(sessionId),
    ];
    for (const ask of calls)
      await expect(ask()).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'sessionId' } });
  });

  test.each(refused.slice(1))('%j is refused in a message', async (session_id) => {
    await using house = await createHouse();
    const inputMessages = [{ role: 'user', content: 'Hi', session_id }] as const;
    expect(() => house.run(scriptedModel([]), { inputMessages })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });

  test.each(taken)('%s is taken, and names one folder', async (sessionId) => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel(['Hi']), { sessionId }));
    expect(outcome).toMatchObject({ reason: 'done', sessionId });
    expect(await readdir(house.root)).toEqual([sessionId]);
  });

  test('comes from the first message where the options give none, and is made where neither does', async () => {
    await using house = await createHouse();
    const inputMessages = [{ role: 'user', content: 'Hi', session_id: 'mine' }] as const;
    expect(house.run(scriptedModel([]), { inputMessages }).sessionId).toBe('mine');
    expect(house.run(scriptedModel([])).sessionId).toMatch(/^id1-\d+$/);
  });
});
