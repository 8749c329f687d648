import type { MessageChunk } from '../../messages/message.ts';
import type { Agent, AgentContext, NodeOutcome } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { planAnewPrompt, planDecisionPrompt, planPrompt, planQuestionPrompt, startPrompt } from '../prompts/plan.ts';
import { say } from '../say.ts';
import { defineState } from '../state-piece.ts';
import { tell, tellHidden } from '../tell.ts';
import { planStatusState } from './plan-state.ts';
import { writePlan } from './write-plan.ts';

const shape = defineAnswer(
  'decision',
  {
    type: 'object',
    properties: {
      decision: { type: 'string', enum: ['start_execution', 'wait_for_user'] },
      question: { type: 'string', default: '', description: 'For wait_for_user: what the user is asked. Else empty.' },
    },
    required: ['decision', 'question'],
    additionalProperties: false,
  },
  ({ decision, question }) =>
    decision === 'wait_for_user' && question.trim() === '' ? ['question: Ask the user something.'] : [],
);

/** How far it has come. `rewrites` is how often the user has had more to say. */
const progressState = defineState<{ readonly rewrites: number; readonly isWritten: boolean }>('plan');

/** What comes after so many waits for whoever calls the model next. */
const mostRewrites = 3;

/**
 * Writes a plan with tools that only read, and decides whether to start on it or to ask the user first. One plan a run, written anew
 * when guidance comes: the decision itself takes none, as nobody would answer it there. A decision that cannot be understood is to ask.
 */
export const planAgent: Agent = {
  key: 'plan',
  async *run(context) {
    const { session, view } = context;
    const status = planStatusState.of(view.state);
    if (status !== undefined) return outcomeOf(status);
    if (progressState.of(view.state) === undefined) yield* beginWriting(context, 0);
    for (;;) {
      const { rewrites = 0, isWritten = false } = progressState.of(view.state) ?? {};
      if (!isWritten) {
        const ended = yield* writePlan(context);
        if (ended.type !== 'done') return ended;
        yield session.append([progressState.entry({ rewrites, isWritten: true })]);
      }
      const mayRewrite = () => rewrites < mostRewrites && hasGuidanceToAnswer(context);
      if (mayRewrite()) {
        yield* beginWriting(context, rewrites + 1);
        continue;
      }
      const end = yield* ask(context, { instruction: planDecisionPrompt(), shape });
      if (end.type !== 'answered' && end.type !== 'unclear') return end;
      if (end.type === 'answered' && end.answer.decision === 'start_execution') {
        yield tellHidden(context, startPrompt(), [planStatusState.entry('start_execution')]);
        return outcomeOf('start_execution');
      }
      // Whoever has just spoken is not made to wait for an answer to a question.
      if (mayRewrite()) continue;
      return (yield* askUser(context, end.type === 'answered' ? end.answer.question : undefined)) ?? outcomeOf('pause');
    }
  },
};

async function* beginWriting(context: AgentContext, rewrites: number): AsyncGenerator<MessageChunk[], void> {
  const prompt = rewrites === 0 ? planPrompt() : planAnewPrompt();
  yield tellHidden(context, prompt, [progressState.entry({ rewrites, isWritten: false })]);
}

function hasGuidanceToAnswer({ session, budget }: AgentContext): boolean {
  return session.guidance.size > 0 && budget.stepsLeft() > 0 && !budget.isSpent();
}

/** A pause ends with a question; a decision that was not understood has left none. */
async function* askUser(
  context: AgentContext,
  question: string | undefined,
): AsyncGenerator<MessageChunk[], NodeOutcome | undefined> {
  const kept = [planStatusState.entry('pause')];
  const messageType = 'assistant_text';
  if (question !== undefined) {
    yield tell(context, { type: messageType, content: question }, kept);
    return undefined;
  }
  const otherwise = 'Shall I carry out this plan?';
  return yield* say(context, { messageType, instruction: planQuestionPrompt(), otherwise, kept });
}

function outcomeOf(status: 'start_execution' | 'pause'): NodeOutcome {
  return { type: status === 'pause' ? 'need-user-input' : 'done' };
}
