import { setImmediate } from 'node:timers/promises';
import type { MessageChunk } from '../messages/message.ts';
import { hasFigures } from '../messages/usage.ts';
import { callModel } from '../model/call-model.ts';
import type { ChatModel, ModelEnd, ModelRequest } from '../model/model.ts';
import { isSageError } from '../errors.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import type { AnswerShape } from './answer-shape.ts';
import { beginWithHooks } from './hook-model.ts';
import { emptyAnswer, questionPrompt, repairPrompt } from './prompts/ask.ts';

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

/** Clients whose servers have refused a response format: they are told the shape in words only. */
const withoutFormat = new WeakSet<ChatModel>();

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

async function* call<Answer>(
  context: AgentContext,
  question: Question<Answer>,
  said: readonly string[],
): AsyncGenerator<MessageChunk[], Reply> {
  const { session, signal, budget, prompt, model } = context;
  if (signal.aborted) return { type: 'stopped' };
  if (budget.isSpent()) return { type: 'budget' };
  context.enter('model');
  const parameters = question.isSmall ? prompt.fast : prompt.parameters;
  const called = { model: parameters.model, node: context.node, message_id: session.createId() };
  const begin = () => session.append([{ type: 'model_called', ...called, helper: true }]);
  const ended = yield* beginWithHooks(context, { model: parameters.model, isHelper: true, begin });
  if (ended !== undefined) return ended;
  const history = question.history ?? session.history();
  const plain: ModelRequest = { parameters, messages: [...prompt.system, ...history, ...said] };
  const isFormatted = !withoutFormat.has(model);
  const { text, end } = await collect(isFormatted ? withFormat(plain, question.shape) : plain, context);
  if (end.type === 'aborted') return { type: 'stopped' };
  if (hasFigures(end.usage)) yield session.append([{ type: 'model_used', usage: end.usage }]);
  if (end.type === 'finished') return { type: 'replied', text };
  if (!isFormatted || !isAboutFormat(end)) return { type: 'failed', error: end.error };
  withoutFormat.add(model);
  return yield* call(context, question, said);
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

function withFormat(request: ModelRequest, { name, jsonSchema }: AnswerShape<unknown>): ModelRequest {
  const response_format = { type: 'json_schema', json_schema: { name, schema: jsonSchema, strict: true } };
  return { ...request, parameters: { ...request.parameters, response_format } };
}

function isAboutFormat({ error }: Extract<ModelEnd, { type: 'failed' }>): boolean {
  return isSageError(error, 'model-error') && /response_format|json_schema|structured/i.test(error.message);
}

function userMessage(content: string): string {
  return JSON.stringify({ role: 'user', content });
}
