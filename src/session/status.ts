import { addCall, addFigures, noUsage, type Usage } from '../messages/usage.ts';
import type { Entry, Prefix, RunEnded } from './entry.ts';

export type RunStatus = RunEnded['status'];
export type SessionStatus = 'idle' | 'running' | RunStatus;

/** The newest run of a journal, as far as it has come. */
export interface LastRun {
  readonly runId: string;
  readonly agentMode: string;
  readonly flow: string;
  readonly attempt: number;
  readonly prefix: Prefix;
  /** Unix seconds: when its newest attempt began. */
  readonly startedAt: number;
  /** Acting model calls so far, over all attempts. */
  readonly steps: number;
  /** Tool calls that may have been started. */
  readonly toolCalls: number;
  readonly usage: Usage;
  /** The trace: each node entered, and its outcome once it was left. */
  readonly nodes: ReadonlyMap<string, string | undefined>;
  readonly ended?: RunEnded;
}

const fresh = { steps: 0, toolCalls: 0, usage: noUsage, nodes: new Map<string, string | undefined>() };

export function foldRun(last: LastRun | undefined, entry: Entry, at: number): LastRun | undefined {
  switch (entry.type) {
    case 'run_started': {
      const { run_id, flow, attempt, prefix } = entry;
      const { steps, toolCalls, usage, nodes } = last?.runId === run_id ? last : fresh;
      const { agent_mode: agentMode } = entry;
      return { runId: run_id, agentMode, flow, attempt, prefix, startedAt: at, steps, toolCalls, usage, nodes };
    }
    case 'model_called':
      return last && { ...last, steps: last.steps + 1, usage: addCall(last.usage) };
    case 'model_used':
      return last && { ...last, usage: addFigures(last.usage, entry.usage) };
    case 'intents':
      return last && { ...last, toolCalls: last.toolCalls + entry.calls.length };
    case 'node_entered':
      return last && { ...last, nodes: new Map(last.nodes).set(entry.path, undefined) };
    case 'node_left':
      return last && { ...last, nodes: new Map(last.nodes).set(entry.path, entry.outcome) };
    case 'run_ended':
      return last && { ...last, ended: entry };
    default:
      return last;
  }
}

/** What a session is doing. A run that has no end and no living owner crashed. */
export function statusOf(last: LastRun | undefined, hasLivingOwner: boolean): SessionStatus {
  if (last === undefined) return 'idle';
  if (last.ended !== undefined) return last.ended.status;
  return hasLivingOwner ? 'running' : 'interrupted';
}
