import type { AgentFlow, AgentNode, FlowNode } from './flow.ts';

/** What a flow is handed from above: it knows no agents and no sessions. */
export interface FlowHost<Batch, Outcome extends { readonly type: string }> {
  runAgent(node: AgentNode): AsyncGenerator<Batch, Outcome>;
  /** The outcome of a node that an earlier attempt of this run has left; it is not run again. */
  outcomeOf(path: string): Outcome | undefined;
  entered(path: string, node: FlowNode): void;
  left(path: string, outcome: Outcome): void;
}

/** Walks the flow from its root, yields what its agents yield, and returns what it came to. */
export async function* runFlow<Batch, Outcome extends { readonly type: string }>(
  flow: AgentFlow,
  host: FlowHost<Batch, Outcome>,
): AsyncGenerator<Batch, Outcome> {
  return yield* runNode(flow.root, 'root', host);
}

/** Runs one node under a path of its own in the trace. */
export async function* runNode<Batch, Outcome extends { readonly type: string }>(
  node: FlowNode,
  path: string,
  host: FlowHost<Batch, Outcome>,
): AsyncGenerator<Batch, Outcome> {
  const known = host.outcomeOf(path);
  if (known !== undefined) return known;
  host.entered(path, node);
  const outcome = yield* host.runAgent(node);
  host.left(path, outcome);
  return outcome;
}
