import { setImmediate } from 'node:timers/promises';
import type { MessageChunk } from '../messages/message.ts';
import { hasFigures } from '../messages/usage.ts';
import { callModel } from '../model/call-model.ts';
import type { ModelEnd, ModelRequest } from '../model/model.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import type { AnswerShape } from './answer-shape.ts';
import { beginWithHooks } from './hook-model.ts';
import { emptyAnswer, questionPrompt, repairPrompt } from './prompts/ask.ts';
import { mayBeFormat, rememberRefusal, responseFormatOf, takesFormat } from './response-format.ts';

/** What an agent asks a model for itself: nobody but the agent is shown the answer. */
export interface Question<Answer> {
  /** Follows the history as a user's message; it is not stored. */
  readonly instruction: string;
  readonly shape: AnswerShape<Answer>;
  /** The history before the instruction, as JSON texts. Default: the session's. */
  readonly history?: readonly string[];
  /** Takes pending guidance into the history first: for whoever decides what is done next. Default false. */
  readonly takesGuidance?: boolean;
  /** Uses `modelConfig.fast`, where there is one. Default false. */
  readonly isSmall?: boolean;
}

/** `unclear`: no answer of that shape, even after the model was told what is wrong with it. */
export type AskEnd<Answer> =
  | { readonly type: 'answered'; readonly answer: Answer }
  | { readonly type: 'unclear' }
  | Extract<NodeOutcome, { type: 'stopped' | 'budget' | 'failed' | 'hook-stopped' }>;

/**
 * One question with an answer of a known shape: by structured output where the server has it, and always with a strict check
 * and one try to repair. Its calls count in the usage, and are no steps.
 */
export async function* ask<Answer>(
  context: AgentContext,
  question: Question<Answer>,
): AsyncGenerator<MessageChunk[], AskEnd<Answer>> {
  const { session } = context;
  const { instruction, shape } = question;
  if (question.takesGuidance) yield session.takeGuidance();
  const said: string[] = [userMessage(questionPrompt({ instruction, jsonSchema: shape.jsonSchema }))];
  for (const isLast of [false, true]) {
    const reply = yield* call(context, question, said);
    if (reply.type !== 'replied') return reply;
    const read = await shape.read(reply.text);
    if ('answer' in read) return { type: 'answered', answer: read.answer };
    if (isLast) break;
    said.push(JSON.stringify({ role: 'assistant', content: reply.text === '' ? emptyAnswer : reply.text }));
    said.push(userMessage(repairPrompt(read)));
  }
  return { type: 'unclear' };
}

type Reply =
  | { readonly type: 'replied'; readonly text: string }
  | Extract<NodeOutcome, { type: 'stopped' | 'budget' | 'failed' | 'hook-stopped' }>;

/** With the format where the server is not known to refuse it; what it refuses so is asked once without. */
async function* call<Answer>(
  context: AgentContext,
  { shape, history, isSmall = false }: Question<Answer>,
  said: readonly string[],
): AsyncGenerator<MessageChunk[], Reply> {
  const { prompt, model, session } = context;
  const parameters = isSmall ? prompt.fast : prompt.parameters;
  const messages = () => [...prompt.system, ...(history ?? session.history()), ...said];
  if (!takesFormat(model, parameters.model, shape)) return yield* send(context, parameters, messages);
  const format = { response_format: responseFormatOf(shape) };
  const first = yield* send(context, { ...parameters, ...format }, messages);
  if (first.type !== 'failed' || !mayBeFormat(first.error)) return first;
  const second = yield* send(context, parameters, messages);
  if (second.type === 'replied') rememberRefusal(model, parameters.model, shape, first.error);
  return second;
}

/** `messages` are read once hooks have been heard: they may add to the history. */
async function* send(
  context: AgentContext,
  parameters: ModelRequest['parameters'],
  messages: () => readonly string[],
): AsyncGenerator<MessageChunk[], Reply> {
  const { session, signal, budget } = context;
  const { model } = parameters;
  if (signal.aborted) return { type: 'stopped' };
  if (budget.isSpent()) return { type: 'budget' };
  context.enter('model');
  const called = { model, node: context.node, message_id: session.createId() };
  const begin = () => session.append([{ type: 'model_called', ...called, helper: true }]);
  const ended = yield* beginWithHooks(context, { model, isHelper: true, begin });
  if (ended !== undefined) return ended;
  const { text, end } = await collect({ parameters, messages: messages() }, context);
  if (end.type === 'aborted') return { type: 'stopped' };
  if (hasFigures(end.usage)) yield session.append([{ type: 'model_used', usage: end.usage }]);
  return end.type === 'finished' ? { type: 'replied', text } : { type: 'failed', error: end.error };
}

async function collect(request: ModelRequest, context: AgentContext): Promise<{ text: string; end: ModelEnd }> {
  const stream = callModel(request, context);
  let text = '';
  for (;;) {
    const next = await stream.next();
    if (next.done) return { text, end: next.value };
    for (const { content = '' } of next.value) text += content;
    // Nobody pulls here: whoever stops the run must be heard meanwhile.
    await setImmediate();
  }
}

function userMessage(content: string): string {
  return JSON.stringify({ role: 'user', content });
}
