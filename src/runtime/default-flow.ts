import { selfCheckRounds } from '../agents/self-check/self-check-state.ts';
import { agent, choose, loop, parallel, sequence, when } from '../flow/build.ts';
import { agentNodesOf } from '../flow/agent-nodes.ts';
import type { AgentFlow, FlowNode } from '../flow/flow.ts';

/** More than any run has: what ends the loop are `maxLoopCount` rounds, which the planner counts. */
const enoughTurns = 1_000_000;

const multi = sequence([
  agent('memory_recall'),
  loop(
    'task_not_completed',
    sequence([
      agent('task_planning'),
      agent('tool_suggestion'),
      agent('task_executor'),
      agent('task_observation'),
      agent('task_completion_judge'),
    ]),
    { max_loops: enoughTurns },
  ),
  agent('task_summary'),
]);

function oneAgent(key: 'simple' | 'fibre'): FlowNode {
  const checked = sequence([agent(key), agent('self_check')]);
  return sequence([
    parallel([agent('tool_suggestion'), agent('memory_recall')]),
    when('enable_plan', agent('plan')),
    when('plan_should_start_execution', loop('self_check_should_retry', checked, { max_loops: selfCheckRounds })),
    when('need_summary', agent('task_summary')),
  ]);
}

/** The flow of a run whose host gives none. */
export const defaultFlow: AgentFlow = {
  name: 'default',
  description:
    'By agent_mode: one agent with its tools, a team that plans, does, looks and judges, or one that others work for.',
  root: sequence([
    choose('agent_mode', { simple: oneAgent('simple'), multi, fibre: oneAgent('fibre') }),
    when('enable_more_suggest', agent('query_suggest')),
  ]),
};

/** Whether an agent of the flow delegates, in a run of that mode. */
export function usesFibre(flow: AgentFlow, agentMode: string): boolean {
  if (flow === defaultFlow) return agentMode === 'fibre';
  return [...agentNodesOf(flow.root).values()].some(({ agent_key }) => agent_key === 'fibre');
}
