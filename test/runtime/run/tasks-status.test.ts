import { expect, test } from 'vitest';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

test('the tasks of a session can be asked for, also after a restart', async () => {
  await using house = await createHouse();
  const tasks = [
    { id: 'a', content: 'Look', status: 'completed' },
    { id: 'b', content: 'Build', status: 'pending' },
  ];
  const toolManager = new ToolManager({ tools: builtinTools() });
  const model = scriptedModel([call('todo_write', { tasks }), 'Noted.']);
  await record(house.run(model, { toolManager, sessionId: 's' }));
  expect(await house.agent.getTasksStatus('s')).toEqual(tasks);
  expect(await house.restart().getTasksStatus('s')).toEqual(tasks);
  expect(await house.agent.getTasksStatus('unknown')).toBeUndefined();
});
