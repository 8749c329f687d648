import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { httpError, record, scriptedModel, stall, type AnswerParts } from '../../../src/testing/index.ts';
import type { ChatModel } from '../../../src/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { watchModel } from '../../support/watch-model.ts';

const calls = [{ name: 'echo', arguments: ['{"text":', '"hi"}'] }];

/** Where the model stands when the signal aborts: before the chunk of that number. */
const places: [string, number, AnswerParts, string | undefined][] = [
  ['before the first byte', 0, { text: 'never' }, undefined],
  ['in its reasoning', 1, { reasoning: ['I ', 'think'] }, 'aborted'],
  ['in its text', 1, { text: ['a', 'b'] }, 'aborted'],
  ["in a call's arguments", 1, { toolCalls: calls }, 'aborted'],
  ['before its finish reason', 2, { text: ['a', 'b'] }, 'aborted'],
];

describe('an abort while the model is', () => {
  test.each(places)('%s stops the run there', async (_, place, parts, incomplete) => {
    await using house = await createHouse();
    using strays = watchStrays();
    const controller = new AbortController();
    const { signal } = controller;
    const model = watchModel(
      scriptedModel([
        {
          ...parts,
          at: {
            [place]: (options) => {
              expect(getEventListeners(signal, 'abort')).toHaveLength(1);
              controller.abort();
              return stall(options);
            },
          },
        },
      ]),
    );
    const { outcome, chunks } = await record(house.run(model, { signal, sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', phase: 'model' });
    expect(outcome).not.toHaveProperty('error');
    expect(model).toMatchObject({ calls: 1, open: 0 });
    expect(chunks.at(-1)?.message_type).toBe('token_usage');
    const [cut] = chunks.filter(({ is_chunk, is_final }) => is_chunk && is_final);
    expect(cut?.metadata?.['incomplete']).toBe(incomplete);
    expectAtRest(await readSession(house.root, 's'));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(await strays.look()).toEqual(nothing);
  });
});

test('an abort while a retry waits for its time ends the waiting', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const failing = scriptedModel([{ at: { 0: () => Promise.reject(httpError(503, 'busy', { 'retry-after': '50' })) } }]);
  setTimeout(() => controller.abort(), 50);
  const started = performance.now();
  const { outcome } = await record(house.run(failing, { signal: controller.signal }));
  expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', phase: 'model' });
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(failing.requests).toHaveLength(1);
});

describe('a model client that is deaf to its signal', () => {
  const never = new Promise<never>(() => {});
  test.each<[string, () => PromiseLike<unknown>]>([
    ['before its answer', () => never],
    ['in its answer', async () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) })],
  ])('%s does not hold the run up', async (_, create) => {
    await using house = await createHouse();
    const controller = new AbortController();
    const model: ChatModel = {
      chat: {
        completions: {
          create: () => {
            setTimeout(() => controller.abort(), 10);
            return create();
          },
        },
      },
    };
    const { outcome } = await record(house.run(model, { signal: controller.signal, sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', phase: 'model' });
    expectAtRest(await readSession(house.root, 's'));
  });
});
