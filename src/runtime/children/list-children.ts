import type { ChildOutcome } from '../../agents/fibre/delegator.ts';
import type { RunEnded } from '../../session/entry.ts';
import type { JournalState } from '../../session/journal-state.ts';
import type { SessionState } from '../../session/session-state.ts';
import { childOutcomeOf } from './child-result.ts';
import { statusOf, type SessionStatus } from '../../session/status.ts';

/** A session that works for another one. */
export interface ChildSession {
  readonly sessionId: string;
  /** Whom it works for. */
  readonly parentId: string;
  /** What it works as. */
  readonly agentId: string;
  /** By which name it speaks: `agent_name` of its chunks. That of a journal written before names were kept is its `agentId`. */
  readonly agentName: string;
  /** Of its run. One that has completed may have given up its task: `result` tells. */
  readonly status: SessionStatus;
  /** What became of the newest task, once its run has ended: as its parent is told, without the text. */
  readonly result?: Pick<ChildOutcome, 'status' | 'reason' | 'error'>;
  /** The call of its parent that it has worked for last. */
  readonly call?: { readonly messageId: string; readonly index: number };
}

/** Everybody below `session`. */
export function childrenOf(tree: JournalState, session: SessionState, hasLivingOwner: boolean): ChildSession[] {
  return tree.children.filter((child) => child.isBelow(session)).map((child) => describe(child, hasLivingOwner));
}

function describe({ sessionId, joined, lastRun }: SessionState, hasLivingOwner: boolean): ChildSession {
  const [messageId, index] = lastRun?.call ?? [];
  const { ended } = lastRun ?? {};
  return {
    sessionId,
    parentId: joined?.parent_id ?? '',
    agentId: joined?.agent_id ?? '',
    agentName: joined?.agent_name ?? joined?.agent_id ?? '',
    status: statusOf(lastRun, hasLivingOwner),
    ...(ended === undefined || ended.status === 'waiting' ? {} : resultOf(ended)),
    ...(messageId === undefined || index === undefined ? {} : { call: { messageId, index } }),
  };
}

function resultOf(ended: RunEnded): Pick<ChildSession, 'result'> {
  const { status, reason, error } = childOutcomeOf(ended, '');
  return { result: { status, reason, ...(error === undefined ? {} : { error }) } };
}
