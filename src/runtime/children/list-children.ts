import type { JournalState } from '../../session/journal-state.ts';
import type { SessionState } from '../../session/session-state.ts';
import { statusOf, type SessionStatus } from '../../session/status.ts';

/** A session that works for another one. */
export interface ChildSession {
  readonly sessionId: string;
  /** Whom it works for. */
  readonly parentId: string;
  /** What it works as. */
  readonly agentId: string;
  readonly status: SessionStatus;
  /** The call of its parent that it has worked for last. */
  readonly call?: { readonly messageId: string; readonly index: number };
}

/** Everybody below `session`. */
export function childrenOf(tree: JournalState, session: SessionState, hasLivingOwner: boolean): ChildSession[] {
  return tree.children.filter((child) => isBelow(session, child)).map((child) => describe(child, hasLivingOwner));
}

/** Whether it works for `session`, or for one that does. */
export function isBelow(session: SessionState, { parent }: SessionState): boolean {
  return parent === session || (parent !== undefined && isBelow(session, parent));
}

function describe({ sessionId, joined, lastRun }: SessionState, hasLivingOwner: boolean): ChildSession {
  const [messageId, index] = lastRun?.call ?? [];
  return {
    sessionId,
    parentId: joined?.parent_id ?? '',
    agentId: joined?.agent_id ?? '',
    status: statusOf(lastRun, hasLivingOwner),
    ...(messageId === undefined || index === undefined ? {} : { call: { messageId, index } }),
  };
}
