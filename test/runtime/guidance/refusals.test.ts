import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { conversations } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';

describe('guidance that says nothing is refused:', () => {
  test.each([
    ['""', ''],
    ['blanks', ' \n\t'],
    ['no parts', []],
    ['blank parts', [{ type: 'text', text: '  ' }]],
  ])('%s', async (_, content) => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
    await run.next();
    const inject = house.agent.injectUserMessage('s', content);
    await expect(inject).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'content' } });
    expect(await house.agent.listPendingUserInjections('s')).toEqual([]);
    await run.return();
  });
});

test('parts that say something are taken as they are', async () => {
  await using house = await createHouse();
  const model = scriptedModel([{ text: ['a', 'b'] }, 'ok']);
  const run = house.run(model, { sessionId: 's' });
  await run.next();
  const content = [{ type: 'image_url', image_url: { url: 'https://example.org/cat.png' } }] as const;
  await house.agent.injectUserMessage('s', content);
  for await (const _ of run);
  expect(conversations(model)[1]?.at(-1)).toEqual({ role: 'user', content });
});

test('a hundred may be pending; one more is refused, one of them may be replaced', async () => {
  await using house = await createHouse();
  const model = scriptedModel([{ text: ['a', 'b'] }, 'ok']);
  const run = house.run(model, { sessionId: 's' });
  await run.next();
  const inject = (number: number) => house.agent.injectUserMessage('s', `Say ${number}`, { guidanceId: `g${number}` });
  await Promise.all(Array.from({ length: 100 }, (_, number) => inject(number)));
  await expect(inject(100)).rejects.toMatchObject({
    code: 'guidance-queue-full',
    facts: { sessionId: 's', limit: 100 },
  });
  expect(await inject(7)).toBe('g7');
  expect(await house.agent.deletePendingUserInjection('s', 'g3')).toBe(true);
  expect(await inject(100)).toBe('g100');
  for await (const _ of run);
  expect(await run.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
  const said = conversations(model)[1]
    ?.slice(2)
    .map(({ content }) => content);
  const expected = [...Array(101).keys()].filter((number) => number !== 3).map((number) => `Say ${number}`);
  expect(said).toEqual(expected);
});
