import type { CustomSubAgent } from '../../src/index.ts';

/** An agent that is asked as "You are <name>.", so that a `scriptedTeam` can answer it. */
export const member = (name: string, more: Partial<CustomSubAgent> = {}): CustomSubAgent => ({
  agent_id: name,
  name,
  description: `Does what ${name} does.`,
  system_prompt: `You are ${name}.`,
  ...more,
});

/** A call that delegates one task to each of these. */
export const delegate = (...names: readonly string[]) => ({
  name: 'sys_delegate_task',
  arguments: { tasks: names.map((name) => ({ agent_id: name, task_name: name, content: `Do it, ${name}.` })) },
});

/** Fibre with these members; the root is asked as "You lead.". */
export const team = (...members: readonly CustomSubAgent[]) =>
  ({ agentMode: 'fibre', systemPrefix: 'You lead.', customSubAgents: members, sessionId: 's' }) as const;
