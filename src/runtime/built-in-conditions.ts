import { finishToolName } from '../agents/fibre/finish-task.ts';
import { completedState } from '../agents/multi/multi-state.ts';
import { planStatusState } from '../agents/plan/plan-state.ts';
import type { RunContext } from '../agents/run-context.ts';
import { shouldRetry } from '../agents/self-check/self-check-state.ts';
import type { Condition } from '../flow/conditions.ts';
import type { Message } from '../messages/message.ts';

/** The conditions every flow may name, with Sage's names. What they read is set by options, by tags, and by agents in `state`. */
export const builtInConditions: Readonly<Record<string, Condition<RunContext>>> = {
  is_deep_thinking: ({ settings }) => settings.deep_thinking,
  enable_more_suggest: ({ settings }) => settings.more_suggest,
  enable_plan: ({ settings }) => settings.enable_plan,
  plan_should_start_execution: ({ settings, state }) =>
    !settings.enable_plan || planStatusState.of(state) === 'start_execution',
  self_check_should_retry: ({ state }) => shouldRetry(state),
  task_not_completed: ({ state }) => completedState.of(state) !== true,
  need_summary: ({ settings, messages }) => settings.force_summary || endsInResults(messages),
  always_true: () => true,
  always_false: () => false,
};

/** Results of calls, and not of one that hands over a child's own, wherever it stands among them. */
function endsInResults(messages: readonly Message[]): boolean {
  const last = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1);
  return last.length > 0 && last.every(({ metadata }) => metadata?.['tool_name'] !== finishToolName);
}
