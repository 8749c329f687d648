import type { MessageChunk, MessageType, Metadata } from '../messages/message.ts';
import type { Entry } from '../session/entry.ts';
import type { AgentContext } from './agent.ts';

/** Says something to the user without a model; what is kept with it is stored in the same record. */
export function tell(
  { session, agentName }: Pick<AgentContext, 'session' | 'agentName'>,
  message: { readonly type: MessageType; readonly content: string; readonly metadata?: Metadata },
  kept: readonly Entry[] = [],
): MessageChunk[] {
  const { type: message_type, ...said } = message;
  const message_id = session.createId();
  const stored = { role: 'assistant', agent_name: agentName, ...said, message_id, message_type } as const;
  return session.append([{ type: 'message', message: stored }, ...kept]);
}

/** Says something that only the model reads, as a user would. */
export function tellHidden(
  { session, agentName }: Pick<AgentContext, 'session' | 'agentName'>,
  content: string,
  kept: readonly Entry[] = [],
): MessageChunk[] {
  const stored = {
    role: 'user',
    agent_name: agentName,
    content,
    message_id: session.createId(),
    message_type: 'guide',
    metadata: { hidden_from_chat: true, source: 'runtime' },
  } as const;
  return session.append([{ type: 'message', message: stored }, ...kept]);
}
