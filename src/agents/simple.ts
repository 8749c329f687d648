import type { MessageChunk } from '../messages/message.ts';
import { callsOf, type Ledger } from '../session/ledger.ts';
import type { Agent, AgentContext, NodeOutcome } from './agent.ts';
import { hasFinished } from './fibre/finish-task.ts';
import { LoopDetector } from './loop-detection.ts';
import { circlePrompt, cutOffPrompt } from './prompts/simple.ts';
import { settleOpenCalls, step } from './step.ts';
import type { ReplyOptions } from './stream-reply.ts';
import { tellHidden } from './tell.ts';

/** One agent, its tools, and the user: model and tools in turn until the model has nothing left to call. */
export const simpleAgent: Agent = {
  key: 'simple',
  run: (context) => workOn(context),
};

export interface WorkOptions extends Pick<ReplyOptions, 'messageType'> {
  /** Model calls with tools after which it comes to `max-loops`. Default: what the run may still take. */
  readonly mostSteps?: number;
}

/** Model and tools in turn until the model has nothing left to call; `messageType` is that of its replies. */
export async function* workOn(
  context: AgentContext,
  { mostSteps = Infinity, ...options }: WorkOptions = {},
): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const ended = yield* takeUp(context);
  if (ended !== undefined) return ended;
  const loops = new LoopDetector();
  for (let steps = 1; steps <= mostSteps; steps += 1) {
    const outcome = yield* step(context, options);
    if (outcome.type !== 'acted') return outcome;
    if (hasFinished(context.session, outcome.messageId)) return { type: 'done' };
    const seen = see(context, loops, outcome.messageId);
    if (seen === 'stop') return { type: 'loop-detected' };
    if (seen === 'correct') tellHidden(context, circlePrompt());
  }
  return { type: 'max-loops' };
}

/**
 * Goes on where a crash left off: open calls are brought to their results, and a cut message is told of. An agent that had its
 * whole answer already is done.
 */
async function* takeUp(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome | undefined> {
  const ended = yield* settleOpenCalls(context);
  if (ended !== undefined) return ended;
  const { session } = context;
  const messageId = session.replyOf(context.node);
  if (hasFinished(session, messageId) && session.guidance.size === 0) return { type: 'done' };
  const reply = session.ledger.find(messageId ?? '');
  // It has not begun, or the model was called and said nothing, or it is to be shown what its calls came to.
  if (reply === undefined || callsOf(reply).length > 0) return undefined;
  const { incomplete = 'length' } = reply.metadata ?? {};
  if (incomplete === 'length') return session.guidance.size === 0 ? { type: 'done' } : undefined;
  // Of one that was cut before its first word the model is shown nothing: it would take an earlier message for it.
  const isShown = reply.content !== null && reply.content.length > 0;
  if (isShown && isLastWord(session.ledger, reply.message_id)) tellHidden(context, cutOffPrompt());
  return undefined;
}

/** Whether no user has spoken since. Other nodes may have. */
function isLastWord({ whole }: Ledger, messageId: string): boolean {
  const since = whole.findLastIndex(({ message }) => message.message_id === messageId || message.role === 'user');
  return whole[since]?.message.message_id === messageId;
}

function see({ session }: AgentContext, loops: LoopDetector, messageId: string): 'go-on' | 'correct' | 'stop' {
  const reply = session.ledger.find(messageId);
  return reply === undefined ? 'go-on' : loops.see(reply, session.ledger.resultsOf(messageId));
}
