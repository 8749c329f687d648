import { childrenOf, type AgentNode, type FlowNode } from './flow.ts';

/** Every agent node of the flow, by its path without loop turns. */
export function agentNodesOf(root: FlowNode): Map<string, AgentNode> {
  const nodes = [...nodesOf(root)];
  return new Map(nodes.flatMap(([path, node]) => (node.node_type === 'agent' ? [[path, node]] : [])));
}

/** Every node of the flow, by its path without loop turns. */
export function nodesOf(root: FlowNode): Map<string, FlowNode> {
  const found = new Map<string, FlowNode>();
  const open: { readonly path: string; readonly node: FlowNode }[] = [{ path: 'root', node: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, node } = next;
    found.set(path, node);
    for (const child of childrenOf(node)) open.push({ path: `${path}/${child.name}`, node: child.node });
  }
  return found;
}

/** `root/body/3/steps/0` is the node `root/body/steps/0` in its third turn. */
export function withoutTurns(path: string): string {
  return path.replaceAll(/\/body\/\d+/g, '/body');
}
