import type { MessageChunk } from '../../messages/message.ts';
import { toSpecs } from '../../tools/tool-manager.ts';
import { ToolProxy } from '../../tools/tool-proxy.ts';
import type { Agent, AgentContext, NodeOutcome } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { planDecisionPrompt, planNowPrompt, planPrompt, startPrompt } from '../prompts/plan.ts';
import { workOn } from '../simple.ts';
import { defineState } from '../state-piece.ts';
import { streamReply } from '../stream-reply.ts';
import { tellHidden } from '../tell.ts';
import { planStatusState } from './plan-state.ts';

const shape = defineAnswer('decision', {
  type: 'object',
  properties: { decision: { type: 'string', enum: ['start_execution', 'wait_for_user'] } },
  required: ['decision'],
  additionalProperties: false,
});

/** How far it has come: told to plan, or through with the plan. */
const phaseState = defineState<'told' | 'written'>('plan');

/** Model calls with tools; whoever has not written the plan by then is asked for it. */
const mostSteps = 8;

/**
 * Writes a plan with tools that only read, and decides whether to start on it or to ask the user first. One plan a run. A
 * decision that cannot be understood is to ask.
 */
export const planAgent: Agent = {
  key: 'plan',
  async *run(context) {
    const { state } = context.view;
    const status = planStatusState.of(state);
    if (status !== undefined) return outcomeOf(status);
    if (phaseState.of(state) === undefined) yield tellHidden(context, planPrompt(), [phaseState.entry('told')]);
    if (phaseState.of(state) === 'told') {
      const ended = yield* writePlan(onlyReading(context));
      if (ended.type !== 'done') return ended;
      yield context.session.append([phaseState.entry('written')]);
    }
    const end = yield* ask(context, { instruction: planDecisionPrompt(), shape, takesGuidance: true });
    if (end.type !== 'answered' && end.type !== 'unclear') return end;
    if (end.type === 'unclear' || end.answer.decision === 'wait_for_user') {
      yield context.session.append([planStatusState.entry('pause')]);
      return outcomeOf('pause');
    }
    yield tellHidden(context, startPrompt(), [planStatusState.entry('start_execution')]);
    return outcomeOf('start_execution');
  },
};

async function* writePlan(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const messageType = 'planning';
  const ended = yield* workOn(context, { messageType, mostSteps });
  if (ended.type !== 'max-loops' || context.budget.stepsLeft() <= 0) return ended;
  const reply = yield* streamReply(context, { messageType, instruction: planNowPrompt(), isHelper: true });
  return reply.type === 'replied' ? { type: 'done' } : reply;
}

function onlyReading(context: AgentContext): AgentContext {
  const allow = context.tools.listTools().flatMap(({ name, effect }) => (effect === 'none' ? [name] : []));
  const tools = new ToolProxy(context.tools, { allow });
  const specs = allow.length === 0 ? undefined : JSON.stringify(toSpecs(tools.listTools()));
  return { ...context, tools, prompt: { ...context.prompt, tools: specs } };
}

function outcomeOf(status: 'start_execution' | 'pause'): NodeOutcome {
  return { type: status === 'pause' ? 'need-user-input' : 'done' };
}
