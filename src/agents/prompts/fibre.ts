import type { SubAgent } from '../fibre/sub-agent.ts';

/** What the system message of an agent that can delegate says of it. */
export function fibrePrompt({
  agents,
}: {
  readonly agents: readonly Pick<SubAgent, 'agent_id' | 'description'>[];
}): string {
  const known =
    agents.length === 0
      ? 'sys_spawn_agent makes agents; those you have made stay.'
      : `These agents are there; sys_spawn_agent makes others, which stay as well:\n${agents.map(describe).join('\n')}`;
  return `You can have other agents work for you. Answer yourself whatever you can do well in a few steps. Where a task has parts that
do not need each other's results, or needs what another agent is good at, delegate: with sys_delegate_task several tasks at once are
worked on side by side. Who works for you sees nothing of this conversation, so each task must say all that is needed. Check the
results, and put them together yourself: the user reads only what you write. A task that failed is not done.
${known}`;
}

function describe({ agent_id, description }: Pick<SubAgent, 'agent_id' | 'description'>): string {
  return description === '' ? `- ${agent_id}` : `- ${agent_id}: ${description}`;
}
