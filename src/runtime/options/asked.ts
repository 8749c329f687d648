import type { SessionState } from '../../session/session-state.ts';
import type { CheckedOptions } from './check-options.ts';

/** What was asked of a run, by options and by tags in its input. */
export interface Asked {
  readonly agentMode: string;
  readonly thinking: string | undefined;
  readonly plan: boolean;
  readonly moreSuggest: boolean;
  readonly forceSummary: boolean;
}

/** A run that is continued goes on as it was asked to; what is asked anew is added. */
export function askedOf(options: CheckedOptions, { isUnfinished, lastRun }: SessionState): Asked {
  const before = options.input.length === 0 && isUnfinished ? lastRun : undefined;
  const { plan, moreSuggest = false, forceSummary = false } = options;
  return {
    agentMode: before?.agentMode ?? options.agentMode ?? 'simple',
    thinking: options.thinking ?? before?.thinkingLevel,
    plan: plan || before?.wishes.enable_plan === true,
    moreSuggest: moreSuggest || before?.wishes.more_suggest === true,
    forceSummary: forceSummary || before?.wishes.force_summary === true,
  };
}
