import { setTimeout } from 'node:timers/promises';
import type { AnswerParts, ScriptedAnswer, ScriptedCall } from 'sagents/testing';
import type { ChatRequest } from '../../../src/model/model.ts';
import { lastWords, type SentMessage } from '../answers.ts';

/** A tool, and how many paces it takes. */
type Step = readonly [tool: string, paces: number];

/** The rounds of calls each node makes before it is done. The others only speak. */
const rounds: Readonly<Record<string, readonly (readonly Step[])[]>> = {
  left: [
    [
      ['look', 18],
      ['save', 6],
      ['pay', 24],
      ['deploy', 15],
    ],
    [
      ['deploy', 18],
      ['look', 3],
    ],
  ],
  right: [
    [
      ['pay', 21],
      ['look', 9],
    ],
    [
      ['save', 6],
      ['pay', 15],
      ['save', 18],
    ],
  ],
  paint: [
    [
      ['save', 24],
      ['pay', 12],
    ],
  ],
  round: [
    [
      ['pay', 6],
      ['look', 12],
    ],
  ],
};

/** How the last words of a node end. */
export const isDone = (node: string): string => `${node} is done.`;

/** The node a request comes from: each has a system message of its own. */
export function nodeOf([system]: readonly SentMessage[]): string {
  return /^You are (\w+)\.$/.exec(system?.content ?? '')?.[1] ?? 'nobody';
}

/**
 * The model of the flow. It looks only at the request, so any process can go on where another was killed. Every message of
 * calls has the same call ids, in all nodes.
 */
export function flowAnswersFor(
  paceMs: number,
  onRequest: (messages: readonly SentMessage[]) => void,
): readonly ScriptedAnswer[] {
  const answer = ({ messages }: ChatRequest): AnswerParts => {
    onRequest(messages);
    const pause = () => (paceMs === 0 ? undefined : setTimeout(paceMs));
    const at = Object.fromEntries(Array.from({ length: 20 }, (_, pair) => [2 * pair, pause]));
    return { ...flowAnswer(messages, paceMs), at };
  };
  return Array.from({ length: 100 }, () => answer);
}

export function flowAnswer(messages: readonly SentMessage[], paceMs: number): AnswerParts {
  const node = nodeOf(messages);
  const asked = messages.findLastIndex(({ role, content }) => role === 'user' && saidIn(content) !== undefined);
  const since = messages.slice(asked + 1);
  const isCut = (place: number) => since[place + 1]?.content?.includes('was cut off') ?? false;
  const turns = since.filter(({ content }, place) => content?.endsWith(isDone('round')) && !isCut(place));
  const tag = node === 'round' ? `(round.${turns.length}` : `(${node}`;
  const made = since.filter(({ content, tool_calls }) => tool_calls !== undefined && content?.includes(tag)).length;
  const text = [`${tag}.${made}) `, 'so ', 'it ', 'goes. '];
  const next = rounds[node]?.[made];
  if (next !== undefined)
    return { reasoning: ['Hm. '], text, toolCalls: next.map((step, index) => call(step, index, paceMs)) };
  const words = node === 'writer' ? lastWords(saidIn(messages[asked]?.content ?? '') ?? '') : isDone(node);
  return { text: [...text, words], usage: { prompt_tokens: 7, completion_tokens: 3 } };
}

const saidIn = (content: string | null): string | undefined => /Turn \d+, please\./.exec(content ?? '')?.[0];

/** The arguments come in two pieces. */
const call = ([name, paces]: Step, index: number, paceMs: number): ScriptedCall => ({
  name,
  arguments: ['{"ms":', `${paces * paceMs}}`],
  id: `call_${index}`,
});
