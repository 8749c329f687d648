/** One agent at work. `agent_key` names it among the agents of the runtime. */
export interface AgentNode {
  readonly node_type: 'agent';
  readonly agent_key: string;
  readonly description?: string;
}

/** What a run walks. Nodes are data: the same JSON as Sage's. */
export type FlowNode = AgentNode;

export interface AgentFlow {
  readonly name: string;
  readonly description?: string;
  readonly root: FlowNode;
}
