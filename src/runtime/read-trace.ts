import { ownerOf } from '../session/own-entries.ts';
import type { SessionStore } from '../session/session-store.ts';
import { foldRun, type LastRun, type RunStatus } from '../session/status.ts';
import type { HookTrace, TraceStep } from '../session/trace.ts';
import type { FoundSession } from './find-session.ts';

/** How a run went through its flow. */
export interface RunTrace {
  readonly runId: string;
  readonly agentMode: string;
  /** How many times the run was started: 1, and one more for each crash it was continued after. */
  readonly attempts: number;
  /** In the order the nodes were first entered. One without `outcome` is at work, or is where the run ended. */
  readonly steps: readonly TraceStep[];
  /** What the host's hooks said; missing where none was called. */
  readonly hooks?: readonly HookTrace[];
  /** Missing while the run goes on, and after a crash. */
  readonly ended?: { readonly status: RunStatus; readonly reason: string };
}

export function toTrace({ runId, agentMode, attempt, trace, ended }: LastRun): RunTrace {
  const end = ended === undefined ? {} : { ended: { status: ended.status, reason: ended.reason } };
  const hooks = trace.hooks.length === 0 ? {} : { hooks: trace.hooks };
  return { runId, agentMode, attempts: attempt, steps: trace.list(), ...hooks, ...end };
}

/** The trace of a run that was followed by others: read from the journal. */
export async function readTrace(
  store: SessionStore,
  { rootId, session: { sessionId } }: FoundSession,
  runId: string,
): Promise<RunTrace | undefined> {
  const owner = rootId === sessionId ? undefined : sessionId;
  const read = await store.read(rootId);
  let last: LastRun | undefined;
  let found: LastRun | undefined;
  for (const { at, entries } of read?.records ?? []) {
    for (const entry of entries) {
      if (ownerOf(entry) !== owner) continue;
      last = foldRun(last, entry, at);
      if (last?.runId === runId) found = last;
    }
  }
  return found === undefined ? undefined : toTrace(found);
}
