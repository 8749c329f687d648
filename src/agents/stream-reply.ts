import { nanoid } from 'nanoid';
import type { MessageChunk, MessageType } from '../messages/message.ts';
import { hasFigures } from '../messages/usage.ts';
import { callModel } from '../model/call-model.ts';
import type { ModelEnd } from '../model/model.ts';
import type { Entry } from '../session/entry.ts';
import type { MessageStream, Session } from '../session/session.ts';
import { mapBatches } from '../streams/map-batches.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import { beginWithHooks } from './hook-model.ts';

export interface ReplyOptions {
  /** Default: what the reply shows, text, reasoning or a tool call. */
  readonly messageType?: MessageType | undefined;
  /** Follows the history as a user's message; it is not stored. */
  readonly instruction?: string;
  /** Not a step of the run: no tools are offered, and no guidance is taken. Default false. */
  readonly isHelper?: boolean;
  /** Stored in one record with the end of a reply that has text and was not cut. */
  readonly kept?: readonly Entry[];
}

export type ReplyEnd =
  | { readonly type: 'replied'; readonly messageId: string }
  | Extract<NodeOutcome, { type: 'stopped' | 'failed' | 'hook-stopped' }>;

/** One model call whose answer is streamed into the session. Guidance is drained before it, and its figures are kept. */
export async function* streamReply(
  context: AgentContext,
  { messageType, instruction, isHelper = false, kept = [] }: ReplyOptions = {},
): AsyncGenerator<MessageChunk[], ReplyEnd> {
  const { session, prompt, agentName, node } = context;
  const header = { role: 'assistant', agent_name: agentName } as const;
  const reply = session.startMessage(messageType === undefined ? header : { ...header, message_type: messageType });
  const { model } = prompt.parameters;
  const called = { model, node, message_id: reply.messageId };
  const begin = () =>
    isHelper ? session.append([{ type: 'model_called', ...called, helper: true }]) : session.beginModelCall(called);
  const ended = yield* beginWithHooks(context, { model, isHelper, begin });
  if (ended !== undefined) return ended;
  const asked = instruction === undefined ? [] : [JSON.stringify({ role: 'user', content: instruction })];
  const request = {
    parameters: prompt.parameters,
    messages: [...prompt.system, ...session.history(), ...asked],
    ...(isHelper || prompt.tools === undefined ? {} : { tools: prompt.tools }),
  };
  const end = yield* mapBatches(callModel(request, context), (pieces) => reply.add(pieces));
  if (end.type === 'aborted') return { type: 'stopped' };
  yield closeReply(session, reply, { end, kept });
  return end.type === 'failed' ? { type: 'failed', error: end.error } : { type: 'replied', messageId: reply.messageId };
}

/** The reply's last pieces and the call's figures, in one record. */
function closeReply(
  session: Session,
  reply: MessageStream,
  { end, kept }: { readonly end: Exclude<ModelEnd, { type: 'aborted' }>; readonly kept: readonly Entry[] },
): MessageChunk[] {
  const named = nameCalls(reply);
  const used: Entry[] = hasFigures(end.usage) ? [{ type: 'model_used', usage: end.usage }] : [];
  const incomplete = end.type === 'failed' ? end.cut : end.finishReason === 'length' ? 'length' : undefined;
  const isWhole = end.type === 'finished' && reply.draft !== undefined && reply.draft.content.trim() !== '';
  const closing = reply.closing(incomplete && { incomplete });
  return [...named, ...session.append([...closing, ...used, ...(isWhole ? kept : [])])];
}

/** Some providers give calls no id; results need one to refer to. */
function nameCalls(reply: MessageStream): MessageChunk[] {
  const { calls = [] } = reply.draft ?? {};
  const pieces = calls.flatMap(({ id }, index) =>
    id === '' ? [{ tool_calls: [{ index, id: `call_${nanoid(12)}` }] }] : [],
  );
  return pieces.length === 0 ? [] : reply.add(pieces);
}
