import { describe, expect, test } from 'vitest';
import { defineTool, type Tool } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { graceMs } from '../../../src/runtime/options/run-options.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, deafTool, managerOf, newLog, tellingTool, waitingTool } from '../../support/tools.ts';

test('an abort reaches a tool that listens, and its call is answered "cancelled"', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const controller = new AbortController();
  const log = newLog();
  const toolManager = managerOf(waitingTool(log, { onStart: () => setImmediate(() => controller.abort()) }));
  const run = house.run(scriptedModel([call('wait')]), { toolManager, signal: controller.signal, sessionId: 's' });
  const { outcome } = await record(run);
  expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', phase: 'tools', abandonedTools: [] });
  expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['cancelled']);
  expect(await strays.look()).toEqual(nothing);
});

test('an abort closes a tool that tells of its progress', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const log = newLog();
  const run = house.run(scriptedModel([call('tell')]), {
    toolManager: managerOf(tellingTool(log)),
    signal: controller.signal,
    sessionId: 's',
  });
  let told = 0;
  for await (const batch of run) {
    told += batch.filter(({ message_type, content }) => message_type === 'tool_progress' && content).length;
    if (told >= 3) controller.abort();
  }
  expect(told).toBe(3);
  expect(await run.outcome).toMatchObject({ reason: 'aborted', phase: 'tools', abandonedTools: [] });
  expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
  expectAtRest(await readSession(house.root, 's'));
});

/** Never ends once it has told of its progress. */
const deafTeller = (onStart: () => void): Tool =>
  defineTool({
    name: 'deaf',
    description: 'Never ends.',
    async *execute() {
      yield 'begun';
      onStart();
      await new Promise(() => {});
    },
  });

describe('a tool that is deaf to its signal', () => {
  test.each([
    ['plain', deafTool],
    ['telling of its progress', deafTeller],
  ])('(%s) is left behind after its grace', async (_, createTool) => {
    await using house = await createHouse();
    const controller = new AbortController();
    let aborted = 0;
    const abort = () => {
      aborted = performance.now();
      controller.abort();
    };
    const toolManager = managerOf(createTool(() => setImmediate(abort)));
    const run = house.run(scriptedModel([call('deaf')]), { toolManager, signal: controller.signal, sessionId: 's' });
    const { outcome } = await record(run);
    const took = performance.now() - aborted;
    expect(outcome).toMatchObject({
      status: 'interrupted',
      reason: 'aborted',
      phase: 'tools',
      abandonedTools: ['deaf'],
    });
    expect(took).toBeGreaterThan(graceMs - 50);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(['cancelled']);
  });
});
