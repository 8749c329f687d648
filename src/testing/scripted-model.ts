import assert from 'node:assert/strict';
import { untilAborted } from '../streams/abort.ts';
import type { WireUsage } from '../messages/usage.ts';
import type { ChatModel, ChatRequest, ChatRequestOptions } from '../model/model.ts';

/** One answer of the model: text, the parts of an answer, or a function of the request that gives either. */
export type ScriptedAnswer =
  | string
  | AnswerParts
  | ((request: ChatRequest) => string | AnswerParts | Promise<string | AnswerParts>);

/** Streamed in this order: reasoning, text, calls, finish reason, usage. An array is streamed piece by piece. */
export interface AnswerParts {
  readonly reasoning?: string | readonly string[];
  readonly text?: string | readonly string[];
  readonly toolCalls?: readonly ScriptedCall[];
  /** Default `'tool_calls'` with calls, else `'stop'`. `null` ends the stream without one. */
  readonly finishReason?: string | null;
  /** Default: none is sent. */
  readonly usage?: WireUsage;
  /** Chunks as a provider would send them, in place of all the above. */
  readonly chunks?: readonly unknown[];
  /**
   * What happens before the chunk of that number (from 0): a promise holds the stream up, an error breaks it. At 0 it happens
   * before the answer begins, as an HTTP error does. See `stall`.
   */
  readonly at?: Readonly<Record<number, (options: ChatRequestOptions) => unknown>>;
}

export interface ScriptedCall {
  readonly name: string;
  /** A value is sent as its JSON; text is sent as it is, so that it can be broken; an array of texts piece by piece. */
  readonly arguments?: unknown;
  /** Default `call_<n>`, n counting over the whole script. */
  readonly id?: string;
}

export interface ScriptedModel extends ChatModel {
  /** Every request so far, as it was when it came: frozen. */
  readonly requests: readonly ChatRequest[];
  /** Throws when answers are left that nobody asked for. */
  assertSpent(): void;
}

/** For `at`: nothing more comes until the caller aborts. */
export function stall({ signal }: ChatRequestOptions): Promise<never> {
  return untilAborted(new Promise<never>(() => {}), signal);
}

/** An error as the `openai` client throws it for an HTTP status. */
export function httpError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error(`${status} ${message}`), { status, headers: new Headers(headers) });
}

/**
 * A model that answers from a script, exactly: no network, no time. An unexpected call fails.
 *
 * The same model can be used from several runs; answers are given in the order of the calls.
 */
export function scriptedModel(answers: readonly ScriptedAnswer[]): ScriptedModel {
  const requests: ChatRequest[] = [];
  const ids = { next: 1 };
  return {
    requests,
    assertSpent() {
      const left = answers.length - requests.length;
      assert.equal(
        left,
        0,
        `The script has ${answers.length} answers, and the model was called ${requests.length} times.`,
      );
    },
    chat: {
      completions: {
        async create(body, options) {
          const answer = answers[requests.length];
          requests.push(deepFreeze(structuredClone(body)));
          if (answer === undefined) {
            throw httpError(
              400,
              `scriptedModel was called ${requests.length} times, but has ${answers.length} answers.`,
            );
          }
          const given = typeof answer === 'function' ? await answer(body) : answer;
          const parts = typeof given === 'string' ? { text: given } : given;
          await parts.at?.[0]?.(options);
          return stream(parts, options, ids);
        },
      },
    },
  };
}

async function* stream(
  parts: AnswerParts,
  options: ChatRequestOptions,
  ids: { next: number },
): AsyncGenerator<unknown> {
  let place = 0;
  for (const chunk of parts.chunks ?? chunksOf(parts, ids)) {
    if (place > 0) await parts.at?.[place]?.(options);
    options.signal.throwIfAborted();
    yield chunk;
    place += 1;
  }
  if (place > 0) await parts.at?.[place]?.(options);
}

function chunksOf(
  { reasoning, text, toolCalls = [], finishReason, usage }: AnswerParts,
  ids: { next: number },
): unknown[] {
  const finish = finishReason === undefined ? (toolCalls.length > 0 ? 'tool_calls' : 'stop') : finishReason;
  return [
    ...pieces(reasoning).map((reasoning_content) => choice({ reasoning_content })),
    ...pieces(text).map((content) => choice({ content })),
    ...toolCalls.flatMap((call, index) => callChunks(call, index, ids)),
    ...(finish === null ? [] : [choice({}, finish)]),
    ...(usage === undefined ? [] : [{ choices: [], usage }]),
  ];
}

function callChunks(
  { name, arguments: given = {}, id }: ScriptedCall,
  index: number,
  ids: { next: number },
): unknown[] {
  const [first = '', ...rest] = argumentPieces(given);
  const opening = { index, id: id ?? `call_${ids.next++}`, type: 'function', function: { name, arguments: first } };
  return [
    choice({ tool_calls: [opening] }),
    ...rest.map((text) => choice({ tool_calls: [{ index, function: { arguments: text } }] })),
  ];
}

function argumentPieces(given: unknown): readonly string[] {
  if (typeof given === 'string') return [given];
  return isTexts(given) ? given : [JSON.stringify(given)];
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === 'string');
}

function pieces(text: string | readonly string[] = []): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

function choice(delta: unknown, finish_reason: string | null = null): unknown {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
