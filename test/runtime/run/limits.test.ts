import { describe, expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

const toolManager = managerOf(echoTool());
const two = { toolCalls: [...echo('a').toolCalls, ...echo('b').toolCalls] };
const usage = { prompt_tokens: 60, completion_tokens: 50 };

describe('limits.maxToolCalls', () => {
  test('lets so many calls run, and answers the others "not run"', async () => {
    await using house = await createHouse();
    const model = scriptedModel([two, two]);
    const run = house.run(model, { toolManager, limits: { maxToolCalls: 3 }, sessionId: 's' });
    const { outcome, chunks } = await record(run);
    expect(outcome).toMatchObject({ status: 'failed', reason: 'budget', error: { code: 'budget' } });
    expect(chunks.at(-2)).toMatchObject({ message_type: 'error', error_info: { code: 'budget' } });
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(['success', 'success', 'success', 'not_run']);
  });

  test('is not used up by an answer', async () => {
    await using house = await createHouse();
    const model = scriptedModel([two, 'Done']);
    const { outcome } = await record(house.run(model, { toolManager, limits: { maxToolCalls: 2 } }));
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('does not count calls of tools that do not exist', async () => {
    await using house = await createHouse();
    const unknown = { toolCalls: [{ name: 'nope' }] };
    const model = scriptedModel([unknown, echo('a'), 'Done']);
    const { outcome } = await record(house.run(model, { toolManager, limits: { maxToolCalls: 1 } }));
    expect(outcome).toMatchObject({ reason: 'done' });
  });
});

describe('limits.maxTokens', () => {
  test('used up with calls open, ends the run before them', async () => {
    await using house = await createHouse();
    const model = scriptedModel([{ ...two, usage }]);
    const { outcome } = await record(house.run(model, { toolManager, limits: { maxTokens: 110 }, sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'budget', usage: { inputTokens: 60, outputTokens: 50 } });
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(['not_run', 'not_run']);
  });

  test('used up by the answer, leaves it an answer', async () => {
    await using house = await createHouse();
    const { outcome, text } = await record(
      house.run(scriptedModel([{ text: 'Hi', usage }]), { limits: { maxTokens: 1 } }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(text).toBe('Hi');
  });

  test('with something left, goes on', async () => {
    await using house = await createHouse();
    const model = scriptedModel([{ ...echo('a'), usage }, 'Done']);
    const { outcome } = await record(house.run(model, { toolManager, limits: { maxTokens: 111 } }));
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 2, callsWithoutUsage: 1 } });
  });
});
