import type { RunBudget } from '../agents/agent.ts';
import { noUsage } from '../messages/usage.ts';
import type { SessionState } from '../session/session-state.ts';
import type { CheckedOptions } from './options/check-options.ts';

/**
 * What the newest run of a session may still spend: steps of its own, and of tokens and tool calls what its tree has left. Nothing
 * is counted here: a continued run goes on with what is left.
 */
export function budgetOf(
  session: SessionState,
  root: SessionState,
  { maxLoopCount, limits: { maxTokens = Infinity, maxToolCalls = Infinity } }: CheckedOptions,
): RunBudget {
  const stepsTaken = () => session.lastRun?.steps ?? 0;
  return {
    maxLoopCount,
    stepsTaken,
    stepsLeft: () => maxLoopCount - stepsTaken(),
    toolCallsLeft: () => maxToolCalls - (root.lastRun?.toolCalls ?? 0),
    isSpent: () => {
      const { inputTokens, outputTokens } = root.lastRun?.usage ?? noUsage;
      return inputTokens + outputTokens >= maxTokens;
    },
  };
}
