import { setTimeout } from 'node:timers/promises';
import type { AnswerParts, ScriptedAnswer } from 'sagents/testing';
import type { ChatRequest } from '../../src/model/model.ts';

/** A message of a request, as far as these tests look at it. */
export interface SentMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

/** What the user says in a turn. */
export const say = (turn: number): string => `Turn ${turn}, please.`;

/** How the answer to it ends. */
export const lastWords = (said: string): string => `"${said}" is done.`;

/**
 * The model of these tests. It looks only at the request, so any process can go on where another was killed: two rounds of
 * calls for each turn of the user, then the last words. Like some providers it gives the same call ids in every message.
 */
export function answersFor(
  paceMs: number,
  onRequest: (messages: readonly SentMessage[]) => void,
): readonly ScriptedAnswer[] {
  const answer = ({ messages }: ChatRequest): AnswerParts => {
    onRequest(messages);
    return paced(answerTo(messages), paceMs);
  };
  return Array.from({ length: 100 }, () => answer);
}

function answerTo(messages: readonly SentMessage[]): AnswerParts {
  const asked = messages.findLastIndex(({ role, content }) => role === 'user' && turnIn(content) !== undefined);
  const turn = turnIn(messages[asked]?.content ?? '');
  const round = messages.slice(asked).filter(({ tool_calls }) => tool_calls !== undefined).length;
  const text = Array.from({ length: 10 }, (_, piece) => `(${turn}.${round}.${piece}) `);
  if (round === 0) {
    const toolCalls = [call('look', 25, 0), call('save', 8, 1), call('pay', 35, 2), call('deploy', 18, 3)];
    return { reasoning: ['Let me ', 'think. '], text, toolCalls };
  }
  if (round === 1)
    return { text: text.slice(5), toolCalls: [call('pay', 6, 0), call('look', 16, 1), call('pay', 28, 2)] };
  return { text: [...text, lastWords(say(Number(turn)))], usage: { prompt_tokens: 7, completion_tokens: 11 } };
}

const turnIn = (content: string | null): string | undefined => /Turn (\d+), please/.exec(content ?? '')?.[1];

/** The arguments come in two pieces. */
const call = (name: string, ms: number, index: number) => ({
  name,
  arguments: ['{"ms":', `${ms}}`],
  id: `call_${index}`,
});

/** Two chunks at a time, `paceMs` between them. */
function paced(parts: AnswerParts, paceMs: number): AnswerParts {
  const pauses = Array.from({ length: 20 }, (_, pair) => [2 * pair, () => setTimeout(paceMs)] as const);
  return { ...parts, at: Object.fromEntries(pauses) };
}
