import { describe, expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

describe('maxLoopCount', () => {
  test('counts acting model calls; those still open then are answered "not run"', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      echo('a'),
      echo('b'),
      { toolCalls: [echo('c'), echo('d')].flatMap((one) => one.toolCalls) },
    ]);
    const run = house.run(model, { toolManager: managerOf(echoTool()), maxLoopCount: 3, sessionId: 's' });
    const { outcome, messages } = await record(run);
    expect(outcome).toMatchObject({ status: 'completed', reason: 'max-loops', usage: { calls: 3 } });
    model.assertSpent();
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(['success', 'success', 'not_run', 'not_run']);
    expect(messages.filter(({ role }) => role === 'tool')).toHaveLength(4);
  });

  test('of one is enough for an answer', async () => {
    await using house = await createHouse();
    const { outcome, text } = await record(house.run(scriptedModel(['Hi']), { maxLoopCount: 1 }));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(text).toBe('Hi');
  });

  test('begins anew with each run, whose model is told that nothing was run', async () => {
    await using house = await createHouse();
    const toolManager = managerOf(echoTool());
    await record(house.run(scriptedModel([echo('a')]), { toolManager, maxLoopCount: 1, sessionId: 's' }));
    const model = scriptedModel(['Hi']);
    const { outcome } = await record(house.run(model, { toolManager, maxLoopCount: 1, sessionId: 's' }));
    expect(outcome).toMatchObject({ reason: 'done' });
    const result = model.requests[0]?.messages.find((message: { role: string }) => message.role === 'tool');
    expect(JSON.parse(result.content)).toMatchObject({ status: 'not_run' });
  });
});
