import { readdir } from 'node:fs/promises';
import { SageError, textOf, type Message, type RunTrace, type SessionStatus } from 'sagents';
import type { Desk } from './desk.ts';

export interface SessionState {
  readonly status: SessionStatus;
  readonly pending_guidance: readonly { readonly guidance_id: string; readonly content: unknown }[];
  readonly flow: string | undefined;
  readonly trace: RunTrace | undefined;
}

/** All a page needs to paint a session; it then follows from `last_seq`. */
export async function takeSnapshot(desk: Desk, sessionId: string) {
  const messages = await desk.agent.getMessages(sessionId);
  if (messages === undefined) throw notFound(sessionId);
  const last_seq = Math.max(0, ...messages.map(({ seq }) => seq));
  return { session_id: sessionId, ...(await stateOf(desk, sessionId)), messages, last_seq };
}

/** What changes beside the words. */
export async function stateOf(desk: Desk, sessionId: string): Promise<SessionState> {
  const { agent } = desk;
  const [status, pending_guidance, flow, trace] = await Promise.all([
    agent.getSessionStatus(sessionId),
    agent.listPendingUserInjections(sessionId),
    desk.flowOf(sessionId),
    agent.getTrace(sessionId),
  ]);
  if (status === undefined) throw notFound(sessionId);
  return { status, pending_guidance, flow, trace };
}

/** Every session on the disk, the one spoken to last first. */
export async function listSessions({ agent, sessions }: Desk) {
  const names = (await readdir(sessions).catch(() => [])).filter((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name));
  const found = await Promise.all(
    names.map(async (session_id) => {
      const [status, messages = []] = await Promise.all([
        agent.getSessionStatus(session_id),
        agent.getMessages(session_id),
      ]);
      return status === undefined ? [] : [{ session_id, status, ...describe(messages) }];
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
