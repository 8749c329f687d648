import type { MessageChunk } from '../messages/message.ts';
import type { Agent, AgentContext, NodeOutcome } from './agent.ts';
import { LoopDetector } from './loop-detection.ts';
import { settleCalls, step } from './step.ts';

const circle =
  'You have made the same call three times and got the same result. Do not make it again: use what you have, try another way, or say what is missing.';
const cutOff = 'Your last message was cut off. Go on from where it ends; do not repeat it.';

/** One agent, its tools, and the user: model and tools in turn until the model has nothing left to call. */
export const simpleAgent: Agent = {
  key: 'simple',
  async *run(context) {
    const ended = yield* takeUp(context);
    if (ended !== undefined) return ended;
    const loops = new LoopDetector();
    while (context.budget.stepsLeft() > 0) {
      const outcome = yield* step(context);
      if (outcome.type !== 'acted') return outcome;
      const seen = see(context, loops, outcome.messageId);
      if (seen === 'stop') return { type: 'loop-detected' };
      if (seen === 'correct') tellHidden(context, circle);
    }
    return { type: 'max-loops' };
  },
};

/**
 * Goes on where a crash left off: open calls are brought to their results, and a cut message is told of. A run that had its
 * whole answer already is done.
 */
async function* takeUp(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome | undefined> {
  const { ledger } = context.session;
  for (const open of ledger.openCalls.values()) {
    const ended = yield* settleCalls(context, open);
    if (ended !== undefined) return ended;
  }
  const last = ledger.whole.at(-1)?.message;
  if (last?.role !== 'assistant') return undefined;
  const { incomplete = 'length' } = last.metadata ?? {};
  if (incomplete !== 'length') {
    tellHidden(context, cutOff);
    return undefined;
  }
  // Input may end with an assistant's words too: those are no answer of this run.
  const isAnswer = last.agent_name === context.agentName && context.budget.stepsTaken() > 0;
  return isAnswer && ledger.guidance.size === 0 ? { type: 'done' } : undefined;
}

function see({ session }: AgentContext, loops: LoopDetector, messageId: string): 'go-on' | 'correct' | 'stop' {
  const reply = session.ledger.find(messageId);
  return reply === undefined ? 'go-on' : loops.see(reply, session.ledger.resultsOf(messageId));
}

/** Only the model reads it. */
function tellHidden({ session, agentName }: AgentContext, content: string): void {
  session.add({
    role: 'user',
    agent_name: agentName,
    content,
    message_type: 'guide',
    metadata: { hidden_from_chat: true, source: 'runtime' },
  });
}
