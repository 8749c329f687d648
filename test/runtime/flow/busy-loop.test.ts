import { setTimeout } from 'node:timers/promises';
import { defineAgent, loop, agent } from 'sagents';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { expect, test } from 'vitest';
import { createHouse } from '../../support/test-house.ts';

test('a loop in which nothing waits is interrupted like any other', async () => {
  const busy = defineAgent({
    key: 'busy',
    // oxlint-disable-next-line require-yield -- It has nothing to say.
    async *run() {
      return { type: 'done' };
    },
  });
  await using house = await createHouse({ agents: [busy] });
  const root = loop('always_true', agent('busy'), { max_loops: 1_000_000_000 });
  const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: { name: 'busy', root } });
  const ended = record(run);
  await setTimeout(1);
  expect(await house.agent.interruptSession('s')).toBe(true);
  expect((await ended).outcome).toMatchObject({ reason: 'interrupted' });
});
