import type { MessageChunk } from '../messages/message.ts';
import { answerOpenCalls, type OpenCalls } from '../session/open-calls.ts';
import type { AgentContext, NodeOutcome, RunBudget } from './agent.ts';
import { tellEndedCommands } from './ended-commands.ts';
import { runOpenCalls } from './run-open-calls.ts';
import { streamReply, type ReplyOptions } from './stream-reply.ts';

/** `acted`: tools were called, and the model is to see their results. `messageId` is that of the reply. */
export type StepOutcome = { readonly type: 'acted'; readonly messageId: string } | NodeOutcome;

/**
 * The one model-and-tools step: drain guidance, request, stream, tools.
 *
 * Makes no model call that the run may not spend. Whatever ends it early leaves an open message or open calls in the session; whoever ends the run brings them to rest.
 */
export async function* step(
  context: AgentContext,
  options: Pick<ReplyOptions, 'messageType'> = {},
): AsyncGenerator<MessageChunk[], StepOutcome> {
  const { session, signal } = context;
  if (signal.aborted) return { type: 'stopped' };
  const limit = limitOf(context.budget);
  if (limit !== undefined) return limit;
  context.enter('model');
  yield* tellEndedCommands(context);
  const reply = yield* streamReply(context, options);
  if (reply.type !== 'replied') return reply;
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
  const { session, budget, signal, permit } = context;
  const limit = limitOf(budget);
  if (limit !== undefined) return limit;
  context.enter('tools');
  const { metadata } = session.ledger.find(open.messageId) ?? {};
  if (metadata?.['incomplete'] === 'length') yield session.append(answerOpenCalls(open, session.createId, 'cut'));
  else {
    let end = yield* runOpenCalls(context, open);
    // Somebody may have answered while the other calls ran.
    while (end === 'suspended' && !signal.aborted && permit.hasAnswerTo(session, open))
      end = yield* runOpenCalls(context, open);
    if (end === 'suspended' && !signal.aborted) return { type: 'approval-required' };
  }
  if (signal.aborted) return { type: 'stopped' };
  return open.answered.size < open.calls.length ? { type: 'budget' } : undefined;
}

/** What keeps the run from another model call, if anything does. */
function limitOf(budget: RunBudget): NodeOutcome | undefined {
  if (budget.isSpent()) return { type: 'budget' };
  return budget.stepsLeft() <= 0 ? { type: 'max-loops' } : undefined;
}
