import { describe, expect, test } from 'vitest';
import { httpError, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import type { RunOptions } from '../../../src/index.ts';
import { conversations, expectPaired, texts } from '../../support/guidance.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

const toolManager = managerOf(echoTool());

/** Guidance comes in the middle of an answer after which the run ends. */
async function endWithPending(house: TestHouse, answer: ScriptedAnswer, more: Partial<RunOptions> = {}) {
  const run = house.run(scriptedModel([answer]), { sessionId: 's', toolManager, ...more });
  await run.next();
  await house.agent.injectUserMessage('s', 'Be quick', { guidanceId: 'g' });
  for await (const _ of run);
  return await run.outcome;
}

const broken = () => Promise.reject(httpError(400, 'no'));
const ends: [string, ScriptedAnswer, Partial<RunOptions>?][] = [
  ['done, with no loops left', { text: ['a', 'b'] }, { maxLoopCount: 1 }],
  ['max-loops', { text: 'a', ...echo('hi') }, { maxLoopCount: 1 }],
  ['budget', { text: 'a', ...echo('hi'), usage: { prompt_tokens: 9 } }, { limits: { maxTokens: 1 } }],
  ['model-error', { text: ['a', 'b'], at: { 1: broken } }],
];

describe('what a run cannot answer', () => {
  test.each(ends)('(%s) is named in its outcome, and delivered by the next run', async (reason, answer, more) => {
    await using house = await createHouse();
    const outcome = await endWithPending(house, answer, more);
    expect(outcome).toMatchObject({ reason: reason.split(',')[0], pendingGuidance: ['g'] });

    const model = scriptedModel(['Both']);
    const next = house.run(model, { sessionId: 's', inputMessages: [{ role: 'user', content: 'And you?' }] });
    for await (const _ of next);
    expect(await next.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    const [asked = []] = conversations(model);
    expectPaired(asked);
    expect(texts(asked).slice(-2)).toEqual(['And you?', 'Be quick']);
  });

  test('is delivered by a run without input, also of another agent', async () => {
    await using house = await createHouse();
    await endWithPending(house, { text: ['a', 'b'] }, { maxLoopCount: 1 });
    const model = scriptedModel(['Quick']);
    const next = house.restart().runStream(house.options(model, { sessionId: 's', inputMessages: [] }));
    const seen = [];
    for await (const batch of next) seen.push(...batch);
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'ab', 'Be quick']);
    expect(seen[0]).toMatchObject({ role: 'user', content: 'Be quick', metadata: { guidance_id: 'g' } });
  });
});

test('without anything pending there is nothing to continue', async () => {
  await using house = await createHouse();
  for await (const _ of house.run(scriptedModel(['Hi']), { sessionId: 's' }));
  const run = house.run(scriptedModel([]), { sessionId: 's', inputMessages: [] });
  await expect(run.next()).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'inputMessages' } });
  expect(await house.agent.getSessionStatus('s')).toBe('completed');
});

describe('an input message with the id of pending guidance', () => {
  const consuming = { role: 'user', content: 'Be quick, please', metadata: { guidance_id: 'g' } } as const;

  test('consumes it: it is said once', async () => {
    await using house = await createHouse();
    await endWithPending(house, { text: ['a', 'b'] }, { maxLoopCount: 1 });
    const model = scriptedModel(['Quick']);
    const next = house.run(model, { sessionId: 's', inputMessages: [consuming] });
    for await (const _ of next);
    expect(await next.outcome).toMatchObject({ pendingGuidance: [] });
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'ab', 'Be quick, please']);
    expect(await house.agent.listPendingUserInjections('s')).toEqual([]);
    expect(await house.agent.deletePendingUserInjection('s', 'g')).toBe(false);
  });

  test('makes a later injection of that id a repetition', async () => {
    await using house = await createHouse();
    await endWithPending(house, { text: ['a', 'b'] }, { maxLoopCount: 1 });
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's', inputMessages: [consuming] });
    await run.next();
    expect(await house.agent.injectUserMessage('s', 'Again', { guidanceId: 'g' })).toBe('g');
    for await (const _ of run);
    expect(await run.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
  });
});
