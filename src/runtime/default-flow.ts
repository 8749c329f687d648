import { selfCheckRounds } from '../agents/self-check/self-check-state.ts';
import { agent, choose, loop, parallel, sequence, when } from '../flow/build.ts';
import type { AgentFlow } from '../flow/flow.ts';

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

const simple = sequence([
  parallel([agent('tool_suggestion'), agent('memory_recall')]),
  when('enable_plan', agent('plan')),
  when(
    'plan_should_start_execution',
    loop('self_check_should_retry', sequence([agent('simple'), agent('self_check')]), { max_loops: selfCheckRounds }),
  ),
  when('need_summary', agent('task_summary')),
]);

/** The flow of a run whose host gives none. */
export const defaultFlow: AgentFlow = {
  name: 'default',
  description: 'By agent_mode: one agent with its tools, or a team that plans, does, looks and judges.',
  root: sequence([choose('agent_mode', { simple, multi }), when('enable_more_suggest', agent('query_suggest'))]),
};
