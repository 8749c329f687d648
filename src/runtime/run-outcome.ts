import type { RunPhase } from '../agents/agent.ts';
import type { ErrorInfo } from '../messages/message.ts';
import type { Usage } from '../messages/usage.ts';
import type { RunStatus } from '../session/status.ts';

/** Why a run ended. Each reason belongs to one status. */
export const statusOfReason = {
  'done': 'completed',
  'need-user-input': 'completed',
  'max-loops': 'completed',
  'loop-detected': 'completed',
  'approval-required': 'waiting',
  'aborted': 'interrupted',
  'reader-gone': 'interrupted',
  'interrupted': 'interrupted',
  'deadline': 'interrupted',
  'crashed': 'interrupted',
  'hook-stopped': 'interrupted',
  'model-error': 'failed',
  'context-overflow': 'failed',
  'sandbox-error': 'failed',
  'flow-error': 'failed',
  'budget': 'failed',
  'internal': 'failed',
} as const satisfies Record<string, RunStatus>;

export type RunReason = keyof typeof statusOfReason;

/** Why a run was stopped from outside. */
export type StopReason = 'aborted' | 'reader-gone' | 'interrupted' | 'deadline';

/** What a run came to: returned by the generator, and by `run.outcome`. */
export interface RunOutcome {
  readonly status: RunStatus;
  readonly reason: RunReason;
  /** Where it stood when it ended. */
  readonly phase: RunPhase;
  readonly sessionId: string;
  readonly runId: string;
  readonly usage: Usage;
  /** Ids of guidance that no model call has taken: it is delivered at the session's next run. */
  readonly pendingGuidance: readonly string[];
  /** Names of tools that did not end when they were stopped; their late results are dropped. */
  readonly abandonedTools: readonly string[];
  /** What was found wrong with the answer without a model: missing files, broken tags, open tasks. Not there where nothing was checked. */
  readonly selfCheck?: { readonly passed: boolean; readonly issues: readonly string[] };
  /** What `interruptSession` was given as the reason. */
  readonly note?: string;
  readonly error?: ErrorInfo;
}
