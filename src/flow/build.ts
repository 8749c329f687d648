import type {
  AgentConfig,
  AgentNode,
  FlowNode,
  IfNode,
  LoopNode,
  ParallelNode,
  SequenceNode,
  SwitchNode,
} from './flow.ts';

/** One agent, with what this node changes of the run's settings. */
export function agent(agent_key: string, agent_config?: AgentConfig): AgentNode {
  return { node_type: 'agent', agent_key, ...(agent_config === undefined ? {} : { agent_config }) };
}

/** One after the other. */
export function sequence(steps: readonly FlowNode[]): SequenceNode {
  return { node_type: 'sequence', steps };
}

/** Side by side, streaming live; `max_concurrency` (default 5) at a time. */
export function parallel(
  branches: readonly FlowNode[],
  { max_concurrency = 5 }: { readonly max_concurrency?: number } = {},
): ParallelNode {
  return { node_type: 'parallel', branches, max_concurrency };
}

/** Again and again while the condition holds, `max_loops` turns (default 10) at most. */
export function loop(
  condition: string,
  body: FlowNode,
  { max_loops = 10 }: { readonly max_loops?: number } = {},
): LoopNode {
  return { node_type: 'loop', body, condition, max_loops };
}

/** One or the other, or nothing. */
export function when(condition: string, true_body: FlowNode, false_body?: FlowNode): IfNode {
  return { node_type: 'if', condition, true_body, ...(false_body === undefined ? {} : { false_body }) };
}

/** The case that the variable names, as a string; `otherwise` where it is missing or matches none. */
export function choose(variable: string, cases: Readonly<Record<string, FlowNode>>, otherwise?: FlowNode): SwitchNode {
  return { node_type: 'switch', variable, cases, ...(otherwise === undefined ? {} : { default: otherwise }) };
}
