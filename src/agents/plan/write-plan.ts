import type { MessageChunk } from '../../messages/message.ts';
import { toSpecs } from '../../tools/tool-manager.ts';
import { ToolProxy } from '../../tools/tool-proxy.ts';
import type { AgentContext, NodeOutcome } from '../agent.ts';
import { planNowPrompt } from '../prompts/plan.ts';
import { workOn } from '../simple.ts';
import { streamReply } from '../stream-reply.ts';

/** Model calls with tools; whoever has not written the plan by then is asked for it. */
const mostSteps = 8;

/** Has the plan written, with the tools that only read. */
export async function* writePlan(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const reading = onlyReading(context);
  const messageType = 'planning';
  const ended = yield* workOn(reading, { messageType, mostSteps });
  if (ended.type !== 'max-loops' || context.budget.stepsLeft() <= 0) return ended;
  const reply = yield* streamReply(reading, { messageType, instruction: planNowPrompt(), isHelper: true });
  return reply.type === 'replied' ? { type: 'done' } : reply;
}

function onlyReading(context: AgentContext): AgentContext {
  const allow = context.tools.listTools().flatMap(({ name, effect }) => (effect === 'none' ? [name] : []));
  const tools = new ToolProxy(context.tools, { allow });
  const specs = allow.length === 0 ? undefined : JSON.stringify(toSpecs(tools.listTools()));
  return { ...context, tools, prompt: { ...context.prompt, tools: specs } };
}
