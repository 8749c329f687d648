import { setImmediate } from 'node:timers/promises';
import type { Agent, AgentContext, NodeOutcome } from '../agents/agent.ts';
import type { RunContext } from '../agents/run-context.ts';
import type { Conditions } from '../flow/conditions.ts';
import type { AgentNode } from '../flow/flow.ts';
import type { FlowHost, NodePlace } from '../flow/run-flow.ts';
import type { MessageChunk } from '../messages/message.ts';
import type { JournalTrace } from './journal-trace.ts';
import type { LoopState } from './loop-state.ts';
import { graceMs } from './options/run-options.ts';
import { valueOf } from './run-view.ts';

export interface FlowHostDeps {
  readonly trace: JournalTrace;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly conditions: Conditions<RunContext>;
  readonly view: RunContext;
  readonly loops: LoopState;
  readonly contextOf: (node: AgentNode, place: NodePlace) => AgentContext;
}

/** Without the event loop being let turn, which costs a run that is only passing through. */
const longestTurnMs = 10;

/** What a flow runs on: the agents and conditions of this runtime, and the journal as its memory. */
export function createFlowHost({
  trace,
  agents,
  conditions,
  view,
  loops,
  contextOf,
}: FlowHostDeps): FlowHost<MessageChunk[], NodeOutcome> {
  let turnedAt = performance.now();
  return {
    graceMs,
    trace,
    loops,
    runAgent: (node, place) => {
      const agent = agents.get(node.agent_key);
      // The flow was checked against these agents before the run began.
      if (agent === undefined) throw new Error(`There is no agent "${node.agent_key}".`);
      return agent.run(contextOf(node, place));
    },
    holds: async (condition, signal) => {
      // A loop of agents that wait for nothing must not keep an interrupt from being heard.
      if (performance.now() - turnedAt > longestTurnMs) {
        await setImmediate();
        turnedAt = performance.now();
      }
      return conditions.holds(condition, view, signal);
    },
    valueOf: (variable) => valueOf(view, variable),
  };
}
