import { delegateTaskTool } from '../../agents/fibre/delegate-task.ts';
import type { Delegator } from '../../agents/fibre/delegator.ts';
import { finishTaskTool } from '../../agents/fibre/finish-task.ts';
import { spawnAgentTool } from '../../agents/fibre/spawn-agent.ts';
import { childPrompt } from '../../agents/prompts/child.ts';
import { fibrePrompt } from '../../agents/prompts/fibre.ts';
import type { CheckedOptions } from '../options/check-options.ts';
import type { Equipment } from '../node-setup.ts';

/** What lets an agent delegate: the tools, and the names of the host's agents. Those it has spawned it knows from its history. */
export function equipFibre(delegator: Delegator): Equipment {
  const { roster, agentId } = delegator;
  const agents = roster.given.filter(({ agent_id }) => agent_id !== agentId);
  return { text: fibrePrompt({ agents }), tools: [delegateTaskTool(delegator), spawnAgentTool(delegator)] };
}

/** What lets a child work for another agent. */
export function equipChild(options: CheckedOptions): Equipment {
  return { text: childPrompt({ hasFiles: hasFiles(options) }), tools: [finishTaskTool] };
}

/** Whether an agent with these options can reach files at all. */
export function hasFiles({ toolManager }: Pick<CheckedOptions, 'toolManager'>): boolean {
  return toolManager?.listTools().some(({ sandbox }) => sandbox === 'needed') ?? false;
}
