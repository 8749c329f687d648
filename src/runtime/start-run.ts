import { SageError } from '../errors.ts';
import { journalFormat, type CallKey, type Entry, type Prefix } from '../session/entry.ts';
import type { JournalState } from '../session/journal-state.ts';
import type { Ledger } from '../session/ledger.ts';
import { closeDrafts } from '../session/repair-pairs.ts';
import type { LastRun } from '../session/status.ts';
import type { Asked } from './options/asked.ts';
import type { CheckedOptions } from './options/check-options.ts';
import { closeUnfinishedTree } from './close-unfinished.ts';
import { prefixChanges, renderContext } from './prompt.ts';
import { inputEntries } from './options/read-input.ts';

/** A run that keeps crashing must come to an end. */
const maxAttempts = 3;

export interface StartFacts {
  readonly options: CheckedOptions;
  /** The id of a run that is not a continuation. */
  readonly runId: string;
  readonly flow: string;
  readonly asked: Asked;
  readonly prefix: Prefix;
  readonly createId: () => string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a run begins with: its id, and the entries that say so, to be stored as one record. */
export interface RunStart {
  readonly runId: string;
  readonly entries: readonly Entry[];
}

/**
 * Decides what this run is: the answer to new input, the continuation of a run that crashed or waits, or the delivery of guidance.
 *
 * @throws {SageError} `invalid-argument` where there is nothing to do, `session-not-found` for another tenant's session,
 *   `flow-changed` when a crashed run is continued on another flow.
 */
export function planStart(state: JournalState, facts: StartFacts): RunStart {
  const { options, runId, createId } = facts;
  mustBelongTo(state, options.tenantId);
  if (options.input.length === 0) return continuation(state, facts);
  return {
    runId,
    entries: [
      ...journalStart(state, options),
      ...closeUnfinishedTree(state, createId),
      ...runStart(state.lastRun, { runId, attempt: 1 }, facts),
      ...input(state.ledger, facts),
    ],
  };
}

/** For another tenant a session does not exist. */
export function mustBelongTo({ sessionId, started }: JournalState, tenantId: string | undefined): void {
  if (started === undefined || tenantId === undefined || started.tenant_id === tenantId) return;
  throw notFound(sessionId);
}

export function notFound(sessionId: string): SageError {
  return new SageError('session-not-found', `There is no session "${sessionId}".`, { sessionId });
}

function continuation(state: JournalState, facts: StartFacts): RunStart {
  const { sessionId, ledger, lastRun, root } = state;
  const unfinished = root.isUnfinished ? lastRun : undefined;
  const attempt = unfinished === undefined ? 1 : nextAttempt(unfinished);
  if (unfinished !== undefined && attempt <= maxAttempts) {
    const { runId, flow } = unfinished;
    if (flow !== facts.flow) throw flowChanged(sessionId, runId);
    return { runId, entries: [...closeDrafts(ledger, 'crashed'), ...runStart(lastRun, { runId, attempt }, facts)] };
  }
  if (unfinished === undefined && root.guidance.size > 0) {
    const { runId } = facts;
    return { runId, entries: runStart(lastRun, { runId, attempt }, facts) };
  }
  const why =
    unfinished === undefined
      ? 'its last run has ended and no guidance is pending'
      : `its run has crashed ${maxAttempts} times and is not tried again`;
  throw new SageError(
    'invalid-argument',
    `There is nothing to continue in session "${sessionId}": ${why}. Give a message.`,
    {
      option: 'inputMessages',
      given: [],
      allowed: 'at least one message',
    },
  );
}

/** A run that waited for a person has not failed at anything. */
export function nextAttempt({ attempt, ended }: LastRun): number {
  return ended === undefined ? attempt + 1 : attempt;
}

function journalStart({ started, sessionId }: JournalState, { tenantId, userId }: CheckedOptions): Entry[] {
  if (started !== undefined) return [];
  return [
    {
      type: 'journal',
      format: journalFormat,
      session_id: sessionId,
      ...(tenantId === undefined ? {} : { tenant_id: tenantId }),
      ...(userId === undefined ? {} : { user_id: userId }),
    },
  ];
}

/** That a run has begun, or goes on. `call` is the one a child works for. */
export function runStart(
  lastRun: LastRun | undefined,
  { runId, attempt, call }: { readonly runId: string; readonly attempt: number; readonly call?: CallKey },
  { flow, asked, prefix }: Pick<StartFacts, 'flow' | 'asked' | 'prefix'>,
): Entry[] {
  const { agentMode: agent_mode, thinking, plan, moreSuggest, forceSummary } = asked;
  const started: Entry = {
    type: 'run_started',
    run_id: runId,
    ...(call === undefined ? {} : { call }),
    agent_mode,
    ...(thinking === undefined ? {} : { thinking_level: thinking }),
    ...(plan ? { enable_plan: true } : {}),
    ...(moreSuggest ? { more_suggest: true } : {}),
    ...(forceSummary ? { force_summary: true } : {}),
    flow,
    attempt,
    prefix,
  };
  return [started, ...prefixChanges(lastRun, prefix)];
}

function input(ledger: Ledger, { options, createId, now }: StartFacts): Entry[] {
  const entries = inputEntries(options.input, ledger, { createId, context: renderContext(options.systemContext, now) });
  const isReplacing = entries.some(({ type }) => type === 'replaced');
  return isReplacing ? [...entries, { type: 'prefix_changed', cause: 'replaced-message' }] : entries;
}

function flowChanged(sessionId: string, runId: string): SageError {
  const message = `Run "${runId}" of session "${sessionId}" was started on another flow and cannot be continued on this one. Use the flow it began with, or send a message.`;
  return new SageError('flow-changed', message, { sessionId, runId });
}
