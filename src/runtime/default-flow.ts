import type { AgentFlow } from '../flow/flow.ts';

/** The flow of a run whose host gives none: in simple mode, one agent. */
export const defaultFlow: AgentFlow = {
  name: 'default',
  description: 'One agent with its tools.',
  root: { node_type: 'agent', agent_key: 'simple' },
};
