import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { conversations, texts } from '../../support/guidance.ts';

describe('a guidance id', () => {
  test('is made where none is given', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }, 'ok']), { sessionId: 's' });
    await run.next();
    const id = await house.agent.injectUserMessage('s', 'One');
    expect(id).toMatch(/^id1-\d+$/);
    expect(await house.agent.injectUserMessage('s', 'Two')).not.toBe(id);
    await run.return();
  });

  test('used again while pending replaces the content in its old place', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
    await run.next();
    await house.agent.injectUserMessage('s', 'One', { guidanceId: 'g', metadata: { from: 'ann' } });
    await house.agent.injectUserMessage('s', 'Two', { guidanceId: 'h' });
    expect(await house.agent.injectUserMessage('s', 'One more', { guidanceId: 'g' })).toBe('g');
    expect(await house.agent.listPendingUserInjections('s')).toMatchObject([
      { guidance_id: 'g', content: 'One more' },
      { guidance_id: 'h', content: 'Two' },
    ]);
    await run.return();
  });

  test('used again after consumption does nothing, and gives back the id', async () => {
    await using house = await createHouse();
    const inject = (content: string) => house.agent.injectUserMessage('s', content, { guidanceId: 'g' });
    const again: string[] = [];
    const model = scriptedModel([
      { text: ['I ', 'am done'], at: { 1: () => inject('One') } },
      { text: ['Then ', 'so'], at: { 1: async () => again.push(await inject('Two')) } },
    ]);
    const run = house.run(model, { sessionId: 's' });
    for await (const _ of run);
    expect(again).toEqual(['g']);
    expect(await run.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model)[1])).toEqual(['Hello', 'I am done', 'One']);
    model.assertSpent();
  });

  test('is remembered as consumed in the next run, and by another agent', async () => {
    await using house = await createHouse();
    const first = house.run(scriptedModel([{ text: ['a', 'b'] }, 'ok']), { sessionId: 's' });
    await first.next();
    await house.agent.injectUserMessage('s', 'One', { guidanceId: 'g' });
    for await (const _ of first);
    for (const agent of [house.agent, house.restart()]) {
      const run = agent.runStream(house.options(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' }));
      await run.next();
      expect(await agent.injectUserMessage('s', 'Again', { guidanceId: 'g' })).toBe('g');
      expect(await agent.listPendingUserInjections('s')).toEqual([]);
      await run.return();
    }
  });

  test('keeps the host’s metadata, and the runtime’s own fields win', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }, 'ok']), { sessionId: 's' });
    await run.next();
    const metadata = { from: 'ann', source: 'mine', guidance_id: 'other' };
    await house.agent.injectUserMessage('s', 'One', { guidanceId: 'g', metadata });
    for await (const _ of run);
    const added = (await house.agent.getMessages('s'))?.find(({ content }) => content === 'One');
    expect(added?.metadata).toEqual({ from: 'ann', injected: true, guidance_id: 'g', source: 'guidance' });
  });
});
