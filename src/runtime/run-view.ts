import type { RunContext, RunSettings } from '../agents/run-context.ts';
import type { Session } from '../session/session.ts';
import type { LastRun } from '../session/status.ts';

/** The run as its conditions, its switches and the host's own agents see it. */
export function createRunView(
  session: Session,
  { agentMode, thinkingLevel = 'off', wishes }: LastRun,
  systemContext: Readonly<Record<string, unknown>> = {},
): RunContext {
  return {
    sessionId: session.id,
    runId: session.runId,
    settings: {
      agent_mode: agentMode,
      deep_thinking: thinkingLevel !== 'off',
      thinking_level: thinkingLevel,
      enable_plan: wishes.enable_plan ?? false,
      more_suggest: wishes.more_suggest ?? false,
      force_summary: wishes.force_summary ?? false,
    },
    state: session.runState,
    systemContext,
    get messages() {
      return session.ledger.messages();
    },
  };
}

/** What a switch finds under a name, as a string: a setting, a value an agent keeps, or a fact of the host's. */
export function valueOf({ settings, state, systemContext }: RunContext, variable: string): string | undefined {
  const setting = Object.hasOwn(settings, variable) ? settings[variable as keyof RunSettings] : undefined;
  const fact = Object.hasOwn(systemContext, variable) ? systemContext[variable] : undefined;
  const value = setting ?? state.get(variable) ?? fact;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
