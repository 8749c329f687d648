import { readdir } from 'node:fs/promises';
import { SageError, textOf, type Message, type PendingConfirmation, type RunTrace, type SessionStatus } from 'sagents';
import { childrenOf, newestSeqs, type ChildState } from './children.ts';
import type { Desk } from './desk.ts';

export interface SessionState {
  readonly status: SessionStatus;
  readonly pending_guidance: readonly { readonly guidance_id: string; readonly content: unknown }[];
  /** Calls that wait for a person, those of children too. */
  readonly pending_confirmations: readonly PendingConfirmation[];
  readonly flow: string | undefined;
  readonly trace: RunTrace | undefined;
  readonly children: readonly ChildState[];
}

/**
 * All a page needs to paint a session; it then follows from `last_seq`. Of children it tells without their words: each has a
 * snapshot of its own, which is read when somebody wants to see it.
 *
 * The order is what makes one cursor good for all of the tree: whatever is numbered up to `last_seq` had been said before the
 * messages were read here, and so stands in every snapshot of a child that is taken after this one.
 */
export async function takeSnapshot(desk: Desk, sessionId: string) {
  const seqs = await newestSeqs(desk, sessionId);
  const messages = await desk.agent.getMessages(sessionId);
  if (messages === undefined) throw notFound(sessionId);
  const last_seq = Math.max(0, ...seqs, ...messages.map(({ seq }) => seq));
  return { session_id: sessionId, ...(await stateOf(desk, sessionId)), messages, last_seq };
}

/** What changes beside the words. */
export async function stateOf(desk: Desk, sessionId: string): Promise<SessionState> {
  const { agent } = desk;
  const [status, pending_guidance, pending_confirmations, flow, trace, children] = await Promise.all([
    agent.getSessionStatus(sessionId),
    agent.listPendingUserInjections(sessionId),
    agent.listPendingConfirmations(sessionId),
    desk.flowOf(sessionId),
    agent.getTrace(sessionId),
    childrenOf(desk, sessionId),
  ]);
  if (status === undefined) throw notFound(sessionId);
  return { status, pending_guidance, pending_confirmations, flow, trace, children };
}

/** Every session on the disk, the one spoken to last first. Each has a folder; of a child there is only its name, a file. */
export async function listSessions({ agent, sessions }: Desk) {
  const entries = await readdir(sessions, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const names = folders.filter((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name));
  const found = await Promise.all(
    names.map(async (session_id) => {
      const [status, messages = [], waiting] = await Promise.all([
        agent.getSessionStatus(session_id),
        agent.getMessages(session_id),
        agent.listPendingConfirmations(session_id),
      ]);
      if (status === undefined) return [];
      return [{ session_id, status, pending_confirmations: waiting.length, ...describe(messages) }];
    }),
  );
  return found.flat().sort((one, other) => other.updated_at - one.updated_at);
}

function describe(messages: readonly Message[]): { title: string; updated_at: number } {
  const first = messages.find(({ role }) => role === 'user');
  const title = first === undefined ? 'Nothing said yet' : textOf(first).replaceAll(/\s+/g, ' ').slice(0, 80);
  return { title, updated_at: messages.at(-1)?.timestamp ?? 0 };
}

function notFound(sessionId: string): SageError {
  return new SageError('session-not-found', `There is no session "${sessionId}".`, { sessionId });
}
