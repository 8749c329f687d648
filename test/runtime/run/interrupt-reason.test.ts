import { once } from 'node:events';
import { expect, test } from 'vitest';
import { defineTool, ToolManager } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';

test('the reason of an interrupt is told to the tool that runs, kept in the journal, and given back', async () => {
  await using house = await createHouse();
  const begun = Promise.withResolvers<void>();
  let told = '';
  const waiting = defineTool({
    name: 'wait',
    description: 'Waits to be stopped.',
    effect: 'none',
    async execute(_args, { signal }) {
      begun.resolve();
      await once(signal, 'abort');
      told = String(signal.reason);
    },
  });
  const { done } = await house.agent.startRun(
    house.options(scriptedModel([{ toolCalls: [{ name: 'wait' }] }]), {
      sessionId: 's',
      toolManager: new ToolManager({ tools: [waiting] }),
    }),
  );
  await begun.promise;
  await house.agent.interruptSession('s', 'the user pressed stop');
  expect(told).toContain('the user pressed stop');
  expect(await done).toMatchObject({ reason: 'interrupted', note: 'the user pressed stop' });
  const { entries } = await readSession(house.root, 's');
  expect(entries.at(-1)).toMatchObject({ type: 'run_ended', note: 'the user pressed stop' });
});
