import type { ChildSession, SessionStatus, TraceStep } from 'sagents';
import type { Desk } from './desk.ts';

/** A session that works for another one of its tree. Its words are asked for by its own id. */
export interface ChildState {
  readonly session_id: string;
  /** Whom it works for. */
  readonly parent_id: string;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly status: SessionStatus;
  /** What became of its newest task, once it has ended. */
  readonly result?: ChildSession['result'];
  /** The call it has worked for last: the message of its parent, and the place among its calls. */
  readonly call?: { readonly message_id: string; readonly index: number };
  /** The agents of its flow that are at work; none once it has ended. */
  readonly nodes: readonly Pick<TraceStep, 'path' | 'agent_key'>[];
  readonly pending_guidance: readonly { readonly guidance_id: string; readonly content: unknown }[];
}

/** Everybody below a session, in the order they joined. Of those at rest nothing is read that is not at hand. */
export async function childrenOf({ agent }: Desk, sessionId: string): Promise<ChildState[]> {
  const children = (await agent.listChildren(sessionId)) ?? [];
  return Promise.all(
    children.map(async ({ sessionId: session_id, parentId: parent_id, agentId, agentName, status, result, call }) => {
      const isRunning = status === 'running';
      return {
        session_id,
        parent_id,
        agent_id: agentId,
        agent_name: agentName,
        status,
        ...(result === undefined ? {} : { result }),
        ...(call === undefined ? {} : { call: { message_id: call.messageId, index: call.index } }),
        nodes: isRunning ? atWork((await agent.getTrace(session_id))?.steps) : [],
        pending_guidance: isRunning ? await agent.listPendingUserInjections(session_id) : [],
      };
    }),
  );
}

/** How far those that are at work have come: the `seq` of what each has said last. */
export async function newestSeqs(desk: Desk, sessionId: string): Promise<number[]> {
  const children = (await desk.agent.listChildren(sessionId)) ?? [];
  const running = children.filter(({ status }) => status === 'running');
  const words = await Promise.all(running.map((child) => desk.agent.getMessages(child.sessionId)));
  return words.flatMap((messages = []) => messages.map(({ seq }) => seq));
}

function atWork(steps: readonly TraceStep[] = []): ChildState['nodes'] {
  const open = steps.filter(({ node_type, outcome }) => node_type === 'agent' && outcome === undefined);
  return open.map(({ path, agent_key }) => ({ path, ...(agent_key === undefined ? {} : { agent_key }) }));
}
