import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';
import { defineTool, textOf } from '../../../src/index.ts';

const held = 150;
const short = { stepMs: 400, firstChunkMs: 100, chunkMs: 100, toolMs: 100 };

test('while the reader holds a batch, the deadlines of the step, the chunk and the tool stand still', async () => {
  await using house = await createHouse();
  const progress = defineTool({
    name: 'progress',
    description: 'Tells of its progress.',
    async *execute(_, { signal }) {
      yield 'half';
      signal.throwIfAborted();
      return 'whole';
    },
  });
  const model = scriptedModel([{ text: ['a', 'b', 'c', 'd'], ...call('progress') }, 'done']);
  const run = house.run(model, { deadlines: short, toolManager: managerOf(progress) });
  for await (const _ of run) await sleep(held);
  expect(await run.outcome).toMatchObject({ reason: 'done' });
});

test('totalMs does not stand still', async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { deadlines: { totalMs: 30 } });
  await run.next();
  expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'deadline', error: { code: 'deadline' } });
});

test('deadlines run on while nobody holds a batch', async () => {
  await using house = await createHouse();
  const wait = defineTool({
    name: 'wait',
    description: 'Waits until its time is up.',
    async execute(_, { signal }) {
      await once(signal, 'abort');
      throw signal.reason;
    },
  });
  const model = scriptedModel([call('wait'), 'I gave up']);
  const { outcome, messages } = await record(house.run(model, { deadlines: short, toolManager: managerOf(wait) }));
  expect(outcome).toMatchObject({ reason: 'done' });
  const result = messages.find(({ role }) => role === 'tool');
  expect(JSON.parse(textOf(result ?? {}))).toMatchObject({ status: 'error', error_code: 'TIMEOUT' });
});
