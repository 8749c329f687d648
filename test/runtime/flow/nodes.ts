import type {
  AgentConfig,
  AgentDefinition,
  AgentFlow,
  AgentNode,
  FlowNode,
  IfNode,
  LoopNode,
  ParallelNode,
  SequenceNode,
  SwitchNode,
} from '../../../src/index.ts';

// Nodes, as short as a test wants them.

export const flow = (root: FlowNode): AgentFlow => ({ name: 'test', root });

export const agent = (agent_key: string, agent_config?: AgentConfig): AgentNode => ({
  node_type: 'agent',
  agent_key,
  ...(agent_config === undefined ? {} : { agent_config }),
});

export const simple = (agent_config?: AgentConfig): AgentNode => agent('simple', agent_config);

/** The one agent that is given this prompt, for scripts that answer by who asks. */
export const named = (name: string, more: AgentConfig = {}): AgentNode =>
  simple({ system_prefix: `You are ${name}.`, ...more });

export const sequence = (...steps: readonly FlowNode[]): SequenceNode => ({ node_type: 'sequence', steps });

export const parallel = (branches: readonly FlowNode[], max_concurrency = 5): ParallelNode => ({
  node_type: 'parallel',
  branches,
  max_concurrency,
});

export const loop = (condition: string, body: FlowNode, max_loops = 10): LoopNode => ({
  node_type: 'loop',
  condition,
  body,
  max_loops,
});

export const either = (condition: string, true_body: FlowNode, false_body?: FlowNode): IfNode => ({
  node_type: 'if',
  condition,
  true_body,
  ...(false_body === undefined ? {} : { false_body }),
});

export const choose = (variable: string, cases: SwitchNode['cases'], otherwise?: FlowNode): SwitchNode => ({
  node_type: 'switch',
  variable,
  cases,
  ...(otherwise === undefined ? {} : { default: otherwise }),
});

/** An agent without a model: it says its words, and is done. */
export const sayer = (key: string, text: string = key): AgentDefinition => ({
  key,
  async *run({ add }) {
    yield add({ role: 'assistant', content: text });
    return { type: 'done' };
  },
});

/** An agent that does this, says nothing, and is done. */
export const doer = (
  key: string,
  act: (context: Parameters<AgentDefinition['run']>[0]) => unknown,
): AgentDefinition => ({
  key,
  // oxlint-disable-next-line require-yield -- It has nothing to say.
  async *run(context) {
    await act(context);
    return { type: 'done' };
  },
});
