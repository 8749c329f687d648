import { addCall, addFigures, noUsage, type Usage } from '../messages/usage.ts';
import type { CallKey, Entry, Prefix, RunEnded, RunStarted } from './entry.ts';
import { Trace } from './trace.ts';

export type RunStatus = RunEnded['status'];
export type SessionStatus = 'idle' | 'running' | RunStatus;

/** The newest run of a journal, as far as it has come. */
export interface LastRun {
  readonly runId: string;
  /** Of a child: the call of its parent that it works for. */
  readonly call?: CallKey;
  readonly agentMode: string;
  readonly thinkingLevel?: string;
  /** What was asked of it by tags and options. */
  readonly wishes: Pick<RunStarted, 'enable_plan' | 'more_suggest' | 'force_summary'>;
  readonly flow: string;
  readonly attempt: number;
  readonly prefix: Prefix;
  /** Unix seconds: when its newest attempt began. */
  readonly startedAt: number;
  /** Acting model calls so far, over all attempts. */
  readonly steps: number;
  /** Tool calls that may have been started, those of children that worked for it included. */
  readonly toolCalls: number;
  /** Of all model calls, those of such children included. */
  readonly usage: Usage;
  readonly trace: Trace;
  /** What its agents keep for it. */
  readonly state: Map<string, unknown>;
  /** By a node's path, the id of its newest reply; the node that called the model last is last. */
  readonly replies: Map<string, string>;
  /** The same of calls that are no steps. */
  readonly helperReplies: Map<string, string>;
  readonly ended?: RunEnded;
}

const nothing = { steps: 0, toolCalls: 0, usage: noUsage };

/** The state after an entry of its session. What it holds of a run is carried on, not copied: whoever keeps an older one sees it change. */
export function foldRun(last: LastRun | undefined, entry: Entry, at: number): LastRun | undefined {
  if (entry.type === 'run_started') return begin(last, entry, at);
  if (last === undefined) return undefined;
  last.trace.fold(entry, at);
  switch (entry.type) {
    case 'model_called': {
      const replies = entry.helper ? last.helperReplies : last.replies;
      replies.delete(entry.node);
      replies.set(entry.node, entry.message_id);
      return foldSpent({ ...last, steps: last.steps + (entry.helper ? 0 : 1) }, entry);
    }
    case 'model_used':
    case 'intents':
      return foldSpent(last, entry);
    case 'run_state':
      last.state.set(entry.key, entry.value);
      return last;
    case 'run_ended':
      return { ...last, ended: entry };
    default:
      return last;
  }
}

/** What an entry, its own or that of a child which works for it, has spent of a run. */
export function foldSpent(last: LastRun, entry: Entry): LastRun;
export function foldSpent(last: LastRun | undefined, entry: Entry): LastRun | undefined;
export function foldSpent(last: LastRun | undefined, entry: Entry): LastRun | undefined {
  if (last === undefined) return undefined;
  switch (entry.type) {
    case 'model_called':
      return { ...last, usage: addCall(last.usage) };
    case 'model_used':
      return { ...last, usage: addFigures(last.usage, entry.usage) };
    case 'intents':
      return { ...last, toolCalls: last.toolCalls + entry.calls.length - (entry.again?.length ?? 0) };
    default:
      return last;
  }
}

function begin(last: LastRun | undefined, entry: RunStarted, startedAt: number): LastRun {
  const { run_id: runId, agent_mode: agentMode, thinking_level, flow, attempt, prefix } = entry;
  const { enable_plan, more_suggest, force_summary, call } = entry;
  const wishes = {
    ...(enable_plan ? { enable_plan } : {}),
    ...(more_suggest ? { more_suggest } : {}),
    ...(force_summary ? { force_summary } : {}),
  };
  const known =
    last?.runId === runId
      ? goOn(last)
      : { ...nothing, trace: new Trace(), state: new Map(), replies: new Map(), helperReplies: new Map() };
  const thinking = thinking_level === undefined ? {} : { thinkingLevel: thinking_level };
  const worksFor = call === undefined ? {} : { call };
  return { ...known, ...thinking, ...worksFor, wishes, runId, agentMode, flow, attempt, prefix, startedAt };
}

function goOn({ ended: _ended, ...last }: LastRun): LastRun {
  return last;
}

/** What a session is doing. A run that has no end and no living owner crashed. */
export function statusOf(last: LastRun | undefined, hasLivingOwner: boolean): SessionStatus {
  if (last === undefined) return 'idle';
  if (last.ended !== undefined) return last.ended.status;
  return hasLivingOwner ? 'running' : 'interrupted';
}
