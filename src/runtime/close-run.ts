import type { NodeOutcome, RunPhase } from '../agents/agent.ts';
import { isSageError, type SageError } from '../errors.ts';
import type { ErrorInfo } from '../messages/message.ts';
import type { Usage } from '../messages/usage.ts';
import type { ChildResult, Entry, RunEnded } from '../session/entry.ts';
import { statusOfReason, type RunReason, type StopReason } from './run-outcome.ts';

/** How the work of a run ended: by itself, stopped from outside, or by an error nobody expected. */
export type WorkEnd =
  | { readonly type: 'outcome'; readonly outcome: Exclude<NodeOutcome, { type: 'stopped' }> }
  | { readonly type: 'stopped'; readonly reason: StopReason; readonly note?: string }
  | { readonly type: 'bug' };

export interface RunVerdict {
  readonly reason: RunReason;
  /** What whoever stopped the run said about it. */
  readonly note?: string;
  readonly error?: ErrorInfo;
}

/** What the work's end makes of the run. */
export function judge(end: WorkEnd): RunVerdict {
  if (end.type === 'bug') return { reason: 'internal', error: internal };
  if (end.type === 'stopped') {
    const { type: _type, ...why } = end;
    return end.reason === 'deadline' ? { ...why, error: outOfTime } : why;
  }
  const { outcome } = end;
  if (outcome.type === 'budget') return { reason: 'budget', error: overBudget };
  if (outcome.type === 'hook-stopped') return { reason: outcome.type, note: outcome.reason };
  return outcome.type === 'failed' ? failure(outcome.error) : { reason: outcome.type };
}

/** That a run ended, and why. `result` is what a child's parent is told. */
export function toRunEnded(
  { reason, note }: RunVerdict,
  { runId, phase, result }: { readonly runId: string; readonly phase: RunPhase; readonly result?: ChildResult },
): RunEnded {
  return {
    type: 'run_ended',
    run_id: runId,
    status: statusOfReason[reason],
    reason,
    phase,
    ...(note === undefined ? {} : { note }),
    ...(result === undefined ? {} : { result }),
  };
}

/** The last words of a run, before its end: what went wrong, and what it used. */
export function lastWords({ error }: RunVerdict, usage: Usage, createId: () => string): Entry[] {
  const failed: Entry[] = error === undefined ? [] : [errorMessage(error, createId())];
  return [
    ...failed,
    {
      type: 'message',
      message: {
        role: 'assistant',
        content: '',
        message_id: createId(),
        message_type: 'token_usage',
        metadata: { token_usage: toWire(usage) },
      },
    },
  ];
}

const internal: ErrorInfo = {
  code: 'internal',
  message: 'The run failed inside the program that hosts it. What it had done so far is kept.',
};

const outOfTime: ErrorInfo = {
  code: 'deadline',
  message: 'The run took longer than deadlines.totalMs allows and was stopped. Send a message to go on.',
};

const overBudget: ErrorInfo = {
  code: 'budget',
  message: 'The run has used up its limits (limits.maxTokens or limits.maxToolCalls). Raise them to go on.',
};

function failure(error: SageError): RunVerdict {
  const reason = reasonOf(error);
  return { reason, error: { code: error.code, message: error.message } };
}

function reasonOf(error: SageError): RunReason {
  if (isSageError(error, 'context-overflow')) return 'context-overflow';
  if (isSageError(error, 'deadline')) return 'deadline';
  if (isSageError(error, 'model-error')) return 'model-error';
  // What else fails is an agent of the host's, with an error of its own.
  return isSageError(error, 'sandbox-error') || isSageError(error, 'sandbox-unavailable')
    ? 'sandbox-error'
    : 'flow-error';
}

function errorMessage(error: ErrorInfo, message_id: string): Entry {
  const message = {
    role: 'assistant',
    content: error.message,
    message_id,
    message_type: 'error',
    error_info: error,
  } as const;
  return { type: 'message', message };
}

function toWire(usage: Usage): Record<string, number> {
  return {
    calls: usage.calls,
    calls_without_usage: usage.callsWithoutUsage,
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
}
