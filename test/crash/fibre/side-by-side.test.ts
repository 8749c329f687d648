import { expect, test } from 'vitest';
import { agent, parallel, type AgentFlow } from 'sagents';
import { record, scriptedTeam } from 'sagents/testing';
import { expectTreeAtRest, readTree } from '../../support/tree.ts';
import { createHouse } from '../../support/test-house.ts';

const sessionId = 's';
const customSubAgents = [
  { name: 'digger', system_prompt: 'DIGGER' },
  { name: 'painter', system_prompt: 'PAINTER' },
];

/** Two that delegate, in one session. */
const customFlow: AgentFlow = {
  name: 'two',
  root: parallel([
    agent('fibre', { name: 'left', system_prefix: 'LEFT' }),
    agent('fibre', { name: 'right', system_prefix: 'RIGHT' }),
  ]),
};

test('a child is kept for its call until all of that has ended: a crash could not tell what it had done for whom', async () => {
  await using house = await createHouse();
  const first = scriptedTeam({ 'Be brief.': [delegate(['digger']), 'Thanks.'], 'DIGGER': ['Dug.'] });
  await record(house.run(first, { agentMode: 'fibre', customSubAgents, sessionId }));
  const [digger] = (await house.agent.listChildren(sessionId)) ?? [];

  const hasDug = Promise.withResolvers<void>();
  const isRefused = Promise.withResolvers<void>();
  const team = scriptedTeam({
    LEFT: [delegate(['digger', 'painter'], digger?.sessionId), 'Left is done.'],
    RIGHT: [
      async () => {
        await hasDug.promise;
        return delegate(['digger'], digger?.sessionId);
      },
      () => {
        isRefused.resolve();
        return 'Right is done.';
      },
    ],
    DIGGER: ['Dug again.'],
    PAINTER: [
      async () => {
        await isRefused.promise;
        return 'Painted.';
      },
    ],
  });
  const run = house.run(team, { customFlow, customSubAgents, sessionId });
  for await (const chunks of run) {
    const hasEnded = chunks.some(
      ({ session_id, message_type }) => session_id === digger?.sessionId && message_type === 'token_usage',
    );
    if (hasEnded) hasDug.resolve();
  }
  expect(await run.outcome).toMatchObject({ status: 'completed', reason: 'done' });
  const told = JSON.stringify(team.members.RIGHT.requests.at(-1)?.messages);
  expect(told).toContain('is at work on another task. Wait for its result.');
  expectTreeAtRest(await readTree(house.root, sessionId));
});

function delegate(agents: readonly string[], firstSession?: string) {
  const tasks = agents.map((agent_id, place) => ({
    agent_id,
    task_name: agent_id,
    content: 'Do it.',
    ...(place === 0 && firstSession !== undefined ? { session_id: firstSession } : {}),
  }));
  return { toolCalls: [{ name: 'sys_delegate_task', arguments: { tasks } }] };
}
