import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import type { Run, SAgent } from '../../../src/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf, newLog, tellingTool, call, waitingTool } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';

const text = Array.from({ length: 1_000 }, (_, number) => `${number} `);

test('nothing is read ahead of a reader that parks', async () => {
  await using house = await createHouse();
  const model = watchModel(scriptedModel([{ text }]));
  const run = house.run(model);
  for (let batch = 1; batch <= 5; batch += 1) {
    await run.next();
    for (let round = 0; round < 20; round += 1) await turn();
    expect(model.pulled).toBe(batch);
  }
  await run.return();
});

test('a tool is not asked for progress ahead of a reader that parks', async () => {
  await using house = await createHouse();
  const log = newLog();
  let told = 0;
  const counting = tellingTool(log);
  const execute: typeof counting.execute = async function* (args, context) {
    for await (const progress of counting.execute(args, context) as AsyncGenerator<string>) {
      told += 1;
      yield progress;
    }
  };
  const run = house.run(scriptedModel([call('tell')]), { toolManager: managerOf({ ...counting, execute }) });
  for await (const batch of run) {
    if (!batch.some(({ message_type }) => message_type === 'tool_progress')) continue;
    for (let round = 0; round < 20; round += 1) await turn();
    // One that is shown, and one that waits to be.
    expect(told).toBeLessThanOrEqual(2);
    break;
  }
  expect(log).toMatchObject({ started: 1, finished: 1 });
});

describe.each<[string, string, string, (agent: SAgent, run: Run, controller: AbortController) => unknown]>([
  ['an aborted signal', 'aborted', 'aborted', (_, __, controller) => controller.abort()],
  ['interruptSession', 'interrupted', 'aborted', (agent, run) => agent.interruptSession(run.sessionId)],
  ['closing the agent', 'interrupted', 'aborted', (agent) => agent.close()],
  ['totalMs', 'deadline', 'deadline', (_, __, { signal }) => once(signal, 'never').catch(() => {})],
])('%s while the reader is parked', (_, reason, incomplete, stop) => {
  test.each([1, 3])('ends the run; after batch %i the reader finds the tail, then the outcome', async (batches) => {
    await using house = await createHouse();
    const controller = new AbortController();
    const model = watchModel(scriptedModel([{ text }]));
    const deadlines = reason === 'deadline' ? { totalMs: 400 } : {};
    const run = house.run(model, { signal: controller.signal, sessionId: 's', deadlines });
    for (let batch = 0; batch < batches; batch += 1) await run.next();

    void stop(house.agent, run, controller);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ status: 'interrupted', reason, phase: 'model' });
    expect(model).toMatchObject({ open: 0, pulled: batches });

    const tail = await run.next();
    const types = ['assistant_text', ...(reason === 'deadline' ? ['error'] : []), 'token_usage'];
    expect(tail.value).toMatchObject(types.map((message_type) => ({ message_type })));
    expect(tail.value).toMatchObject([{ is_final: true, metadata: { incomplete } }, ...types.slice(1).map(() => ({}))]);
    expect(await run.next()).toEqual({ done: true, value: outcome });
    expectAtRest(await readSession(house.root, 's'));
  });
});

test.each(['aborted', 'interrupted'])('a run that is stopped (%s) while a turn is taken ends in it', async (reason) => {
  await using house = await createHouse();
  const controller = new AbortController();
  const begun = Promise.withResolvers<void>();
  const log = newLog();
  const toolManager = managerOf(waitingTool(log, { onStart: begun.resolve }));
  const model = scriptedModel([{ toolCalls: [{ name: 'wait' }, { name: 'wait' }] }]);
  const run = house.run(model, { toolManager, signal: controller.signal, sessionId: 's' });
  for (let batch = 0; batch < 3; batch += 1) await run.next();
  const last = run.next();
  await begun.promise;
  if (reason === 'aborted') controller.abort();
  else void house.agent.interruptSession('s');
  // Nobody asks for another turn.
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason, phase: 'tools', abandonedTools: [] });
  expect((await last).value).toMatchObject(
    ['tool_call_result', 'tool_call_result', 'token_usage'].map((message_type) => ({ message_type })),
  );
  expect(log).toEqual({ started: 2, finished: 2, aborted: [true, true] });
  expect((await run.next()).done).toBe(true);
  expectAtRest(await readSession(house.root, 's'));
});
