import { nanoid } from 'nanoid';
import type { MessageChunk } from '../messages/message.ts';
import { hasFigures } from '../messages/usage.ts';
import { callModel } from '../model/call-model.ts';
import type { ModelEnd } from '../model/model.ts';
import type { Entry } from '../session/entry.ts';
import { answerOpenCalls, type OpenCalls } from '../session/open-calls.ts';
import type { MessageStream, Session } from '../session/session.ts';
import { mapBatches } from '../streams/map-batches.ts';
import type { AgentContext, NodeOutcome, RunBudget } from './agent.ts';
import { tellEndedCommands } from './ended-commands.ts';
import { runOpenCalls } from './run-open-calls.ts';

/** `acted`: tools were called, and the model is to see their results. `messageId` is that of the reply. */
export type StepOutcome = { readonly type: 'acted'; readonly messageId: string } | NodeOutcome;

/**
 * The one model-and-tools step: drain guidance, request, stream, tools.
 *
 * Makes no model call that the run may not spend. Whatever ends it early leaves an open message or open calls in the session; whoever ends the run brings them to rest.
 */
export async function* step(context: AgentContext): AsyncGenerator<MessageChunk[], StepOutcome> {
  const { session, prompt, signal } = context;
  if (signal.aborted) return { type: 'stopped' };
  const limit = limitOf(context.budget);
  if (limit !== undefined) return limit;
  context.enter('model');
  yield* tellEndedCommands(context);
  const reply = session.startMessage({ role: 'assistant', agent_name: context.agentName });
  yield session.beginModelCall({ model: prompt.parameters.model, node: context.node, message_id: reply.messageId });
  const request = {
    parameters: prompt.parameters,
    messages: [...prompt.system, ...session.history()],
    ...(prompt.tools === undefined ? {} : { tools: prompt.tools }),
  };
  const end = yield* mapBatches(callModel(request, context), (pieces) => reply.add(pieces));
  if (end.type === 'aborted') return { type: 'stopped' };
  yield closeReply(session, reply, end);
  if (end.type === 'failed') return { type: 'failed', error: end.error };

  const open = session.ledger.openCalls.get(reply.messageId);
  if (open === undefined) return { type: 'done' };
  return (yield* settleCalls(context, open)) ?? { type: 'acted', messageId: reply.messageId };
}

/** Brings to their results the calls that a crash has left open in this node, and in no other. Returns what ends the run. */
export async function* settleOpenCalls(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome | undefined> {
  const { session, node } = context;
  const open = session.ledger.openCalls.get(session.replyOf(node) ?? '');
  return open === undefined ? undefined : yield* settleCalls(context, open);
}

/**
 * Brings every call of a message to its result, if the run may still spend that and a model call to read it. Returns what ends
 * the run before that; the end of the run then answers what is open.
 */
async function* settleCalls(
  context: AgentContext,
  open: OpenCalls,
): AsyncGenerator<MessageChunk[], NodeOutcome | undefined> {
  const { session, budget, signal } = context;
  const limit = limitOf(budget);
  if (limit !== undefined) return limit;
  context.enter('tools');
  const { metadata } = session.ledger.find(open.messageId) ?? {};
  if (metadata?.['incomplete'] === 'length') yield session.append(answerOpenCalls(open, session.createId, 'cut'));
  else yield* runOpenCalls(context, open);
  if (signal.aborted) return { type: 'stopped' };
  return open.answered.size < open.calls.length ? { type: 'budget' } : undefined;
}

/** What keeps the run from another model call, if anything does. */
function limitOf(budget: RunBudget): NodeOutcome | undefined {
  if (budget.isSpent()) return { type: 'budget' };
  return budget.stepsLeft() <= 0 ? { type: 'max-loops' } : undefined;
}

/** The reply's last pieces and the call's figures, in one record. */
function closeReply(
  session: Session,
  reply: MessageStream,
  end: Exclude<ModelEnd, { type: 'aborted' }>,
): MessageChunk[] {
  const named = nameCalls(reply);
  const used: Entry[] = hasFigures(end.usage) ? [{ type: 'model_used', usage: end.usage }] : [];
  const incomplete = end.type === 'failed' ? end.cut : end.finishReason === 'length' ? 'length' : undefined;
  return [...named, ...session.append([...reply.closing(incomplete && { incomplete }), ...used])];
}

/** Some providers give calls no id; results need one to refer to. */
function nameCalls(reply: MessageStream): MessageChunk[] {
  const { calls = [] } = reply.draft ?? {};
  const pieces = calls.flatMap(({ id }, index) =>
    id === '' ? [{ tool_calls: [{ index, id: `call_${nanoid(12)}` }] }] : [],
  );
  return pieces.length === 0 ? [] : reply.add(pieces);
}
