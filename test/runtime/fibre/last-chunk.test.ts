import { expect, test } from 'vitest';
import { scriptedTeam } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

test('the last chunk of a child is shown when it has ended, and not with the next word of another', async () => {
  await using house = await createHouse();
  const hasEnded = Promise.withResolvers<void>();
  const customSubAgents = [
    { name: 'quick', system_prompt: 'QUICK' },
    { name: 'slow', system_prompt: 'SLOW' },
  ];
  const tasks = customSubAgents.map(({ name }) => ({ agent_id: name, task_name: name, content: 'Do it.' }));
  const team = scriptedTeam({
    'Be brief.': [{ toolCalls: [{ name: 'sys_delegate_task', arguments: { tasks } }] }, 'All is done.'],
    'QUICK': ['Done.'],
    'SLOW': [
      async () => {
        await hasEnded.promise;
        return 'Done too.';
      },
    ],
  });
  const run = house.run(team, { agentMode: 'fibre', customSubAgents, sessionId: 's' });
  for await (const chunks of run) {
    const isLast = chunks.some(({ session_id, message_type }) => session_id !== 's' && message_type === 'token_usage');
    if (isLast) hasEnded.resolve();
  }
  expect(await run.outcome).toMatchObject({ status: 'completed', reason: 'done' });
});
