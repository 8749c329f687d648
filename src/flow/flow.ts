/**
 * What a run walks. Nodes are data, in Sage's own JSON; `readFlow` turns such JSON into them, and the builders in `build.ts` are
 * a typed way to write them.
 */
export type FlowNode = AgentNode | SequenceNode | ParallelNode | LoopNode | IfNode | SwitchNode;

/** One agent at work. `agent_key` names it among the agents of the runtime. */
export interface AgentNode {
  readonly node_type: 'agent';
  readonly agent_key: string;
  readonly agent_config?: AgentConfig;
  readonly description?: string;
}

/** What this node changes of the run's settings. Fields without a meaning here are the agent's own. */
export interface AgentConfig {
  /** What its chunks carry as `agent_name`. Default: `agent_key`. */
  readonly name?: string;
  /** Instead of the run's `systemPrefix`. */
  readonly system_prefix?: string;
  /** Names of the run's tools: the node is offered these and no others. */
  readonly available_tools?: readonly string[];
  /** Over the run's `modelConfig`, field by field. */
  readonly model_config?: NodeModelConfig;
  readonly [field: string]: unknown;
}

export interface NodeModelConfig {
  readonly model?: string;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  readonly presence_penalty?: number;
  readonly extra_body?: Readonly<Record<string, unknown>>;
}

/** One after the other, until one does not come to `done`. */
export interface SequenceNode {
  readonly node_type: 'sequence';
  readonly steps: readonly FlowNode[];
  readonly description?: string;
}

/** Side by side. A branch that fails fails the node and closes its siblings. */
export interface ParallelNode {
  readonly node_type: 'parallel';
  readonly branches: readonly FlowNode[];
  /** How many run at a time. */
  readonly max_concurrency: number;
  readonly description?: string;
}

/** Again and again while `condition` holds, which is asked before each turn; `max_loops` turns at most. */
export interface LoopNode {
  readonly node_type: 'loop';
  readonly body: FlowNode;
  readonly condition: string;
  readonly max_loops: number;
  readonly description?: string;
}

export interface IfNode {
  readonly node_type: 'if';
  readonly condition: string;
  readonly true_body: FlowNode;
  readonly false_body?: FlowNode;
  readonly description?: string;
}

/** Takes the case named by the value of `variable`, as a string; `default` where it is missing or matches none. */
export interface SwitchNode {
  readonly node_type: 'switch';
  readonly variable: string;
  readonly cases: Readonly<Record<string, FlowNode>>;
  readonly default?: FlowNode;
  readonly description?: string;
}

export interface AgentFlow {
  readonly name: string;
  readonly description?: string;
  readonly root: FlowNode;
}

/** A node that is inside another, under the name by which paths call it: `steps/0`, `true_body`, `cases/simple`. */
export interface ChildNode {
  readonly name: string;
  readonly node: FlowNode;
}

export function childrenOf(node: FlowNode): ChildNode[] {
  switch (node.node_type) {
    case 'agent':
      return [];
    case 'sequence':
      return node.steps.map((step, index) => ({ name: `steps/${index}`, node: step }));
    case 'parallel':
      return node.branches.map((branch, index) => ({ name: `branches/${index}`, node: branch }));
    case 'loop':
      return [{ name: 'body', node: node.body }];
    case 'if':
      return [
        { name: 'true_body', node: node.true_body },
        ...(node.false_body === undefined ? [] : [{ name: 'false_body', node: node.false_body }]),
      ];
    case 'switch':
      return [
        ...Object.entries(node.cases).map(([key, inner]) => ({ name: caseName(key), node: inner })),
        ...(node.default === undefined ? [] : [{ name: 'default', node: node.default }]),
      ];
  }
}

/** A case's place in a path; its key may hold anything, a slash included. */
export function caseName(key: string): string {
  return `cases/${key.replaceAll(/[%/]/g, encodeURIComponent)}`;
}
