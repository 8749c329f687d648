import { textOf, type MessageChunk, type MessageType } from '../messages/message.ts';
import type { Entry } from '../session/entry.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import { streamReply } from './stream-reply.ts';
import { tell } from './tell.ts';

export interface Saying {
  readonly messageType: MessageType;
  /** What the model is to put in the user's language. */
  readonly instruction: string;
  /** What is said instead where the model fails, or may not be called any more. */
  readonly otherwise: string;
  /** Stored in one record with what is said. */
  readonly kept: readonly Entry[];
}

/** Says something to the user in their language, with one helper call. Returns what ends the run before it was said. */
export async function* say(
  context: AgentContext,
  { messageType, instruction, otherwise, kept }: Saying,
): AsyncGenerator<MessageChunk[], Extract<NodeOutcome, { type: 'stopped' | 'hook-stopped' }> | undefined> {
  const { session, signal, budget } = context;
  if (signal.aborted) return { type: 'stopped' };
  if (!budget.isSpent()) {
    context.enter('model');
    const reply = yield* streamReply(context, { messageType, instruction, isHelper: true, kept });
    if (reply.type === 'stopped' || reply.type === 'hook-stopped') return reply;
    if (reply.type === 'replied' && textOf(session.ledger.find(reply.messageId) ?? {}).trim() !== '') return undefined;
  }
  yield tell(context, { type: messageType, content: otherwise }, kept);
  return undefined;
}
