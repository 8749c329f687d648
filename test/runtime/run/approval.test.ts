import { expect, test } from 'vitest';
import { defineTool, textOf } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

test('a tool that wants asking is denied, for nobody answers; its siblings run', async () => {
  await using house = await createHouse();
  let runs = 0;
  const careful = defineTool({
    name: 'careful',
    description: 'Asks first.',
    approval: 'ask',
    execute: () => (runs += 1),
  });
  const model = scriptedModel([{ toolCalls: [{ name: 'careful' }, ...echo('hi').toolCalls] }, 'I may not']);
  const { outcome } = await record(house.run(model, { toolManager: managerOf(careful, echoTool()), sessionId: 's' }));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(runs).toBe(0);
  const stored = await readSession(house.root, 's');
  expect(callStatuses(stored)).toEqual(['error', 'success']);
  const [denied] = stored.messages.filter(({ role }) => role === 'tool');
  expect(JSON.parse(textOf(denied ?? {}))).toMatchObject({ error_code: 'PERMISSION_DENIED' });
  // It never had an intent: it cannot have run.
  expect(stored.entries.filter(({ type }) => type === 'intents')).toMatchObject([{ calls: [1] }]);
});
