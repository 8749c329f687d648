import type { RunBudget } from '../agents/agent.ts';
import { noUsage } from '../messages/usage.ts';
import type { JournalState } from '../session/journal-state.ts';
import type { CheckedOptions } from './check-options.ts';

/** What the newest run of a journal may still spend. Nothing is counted here: a continued run goes on with what is left. */
export function budgetOf(
  state: JournalState,
  { maxLoopCount, limits: { maxTokens = Infinity, maxToolCalls = Infinity } = {} }: CheckedOptions,
): RunBudget {
  const stepsTaken = () => state.lastRun?.steps ?? 0;
  return {
    maxLoopCount,
    stepsTaken,
    stepsLeft: () => maxLoopCount - stepsTaken(),
    toolCallsLeft: () => maxToolCalls - (state.lastRun?.toolCalls ?? 0),
    isSpent: () => {
      const { inputTokens, outputTokens } = state.lastRun?.usage ?? noUsage;
      return inputTokens + outputTokens >= maxTokens;
    },
  };
}
