import type { AgentFlow } from './flow.ts';
export function readFlow(given: unknown, _known: unknown): AgentFlow {
  return given as AgentFlow;
}
