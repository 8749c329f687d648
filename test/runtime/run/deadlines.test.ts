import { describe, expect, test } from 'vitest';
import { record, scriptedModel, stall } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf, newLog, waitingTool } from '../../support/tools.ts';

describe('a model that goes silent', () => {
  test.each([
    ['before its first chunk', 'firstChunkMs', 0, undefined],
    ['before its first chunk, as a step', 'stepMs', 0, undefined],
    ['in the middle of its text', 'chunkMs', 1, 'deadline'],
    ['in the middle of its text, as a step', 'stepMs', 1, 'deadline'],
  ] as const)('%s is out of time by %s', async (_, deadline, place, incomplete) => {
    await using house = await createHouse();
    const model = scriptedModel([{ text: ['a', 'b'], at: { [place]: stall } }]);
    const { outcome, chunks } = await record(house.run(model, { deadlines: { [deadline]: 40 }, sessionId: 's' }));
    expect(outcome).toMatchObject({
      status: 'interrupted',
      reason: 'deadline',
      phase: 'model',
      error: { code: 'deadline' },
    });
    expect(outcome.error?.message).toContain(`deadlines.${deadline}`);
    expect(chunks.map(({ message_type }) => message_type).slice(-2)).toEqual(['error', 'token_usage']);
    const cut = chunks.find(({ metadata }) => metadata?.['incomplete'] !== undefined);
    expect(cut?.metadata?.['incomplete']).toBe(incomplete);
    expectAtRest(await readSession(house.root, 's'));
    expect(model.requests).toHaveLength(1);
  });
});

test('totalMs ends a run in the middle of a tool', async () => {
  await using house = await createHouse();
  const log = newLog();
  const model = scriptedModel([call('wait')]);
  const run = house.run(model, {
    deadlines: { totalMs: 500 },
    toolManager: managerOf(waitingTool(log)),
    sessionId: 's',
  });
  const { outcome } = await record(run);
  expect(outcome).toMatchObject({ status: 'interrupted', reason: 'deadline', phase: 'tools', abandonedTools: [] });
  expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
  expectAtRest(await readSession(house.root, 's'));
});

test('a tool may set a time of its own', async () => {
  await using house = await createHouse();
  const impatient = { ...waitingTool(newLog()), timeoutMs: 20 };
  const { outcome, messages } = await record(
    house.run(scriptedModel([call('wait'), 'Too slow']), { toolManager: managerOf(impatient) }),
  );
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(messages.find(({ role }) => role === 'tool')?.content).toContain('did not end within 20 ms');
});
