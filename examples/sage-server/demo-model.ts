import { setTimeout as wait } from 'node:timers/promises';
import type { ChatModel } from 'sagents';
import { answerAlone } from './demo-answers.ts';
import { answerInTeam } from './demo-team.ts';
import { readTurn, type DemoAnswer, type WireMessage } from './demo-turn.ts';

/**
 * A few rules in the place of a network, so that a newcomer can steer an agent without a key. It decides each step from the
 * history it is sent: tool results and guidance change what it says next. It streams a word every `paceMs` milliseconds.
 */
export function createDemoModel({ paceMs }: { readonly paceMs: number }): ChatModel {
  return {
    chat: {
      completions: {
        create: async ({ messages, tools }, { signal }) => {
          const turn = readTurn(messages as WireMessage[], tools !== undefined);
          return stream(answerInTeam(turn) ?? answerAlone(turn), messages.length, { paceMs, signal });
        },
      },
    },
  };
}

/** The answer as OpenAI streams one: a chunk a word, then the calls, then why it ends. */
async function* stream(
  { thought = '', text, calls = [], slowness = 1 }: DemoAnswer,
  turn: number,
  { paceMs, signal }: { readonly paceMs: number; readonly signal: AbortSignal },
): AsyncGenerator<unknown> {
  for (const reasoning_content of words(thought)) yield await paced(choice({ reasoning_content }));
  for (const content of words(text)) yield await paced(choice({ content }));
  for (const [index, call] of calls.entries()) {
    const named = { name: call.name, arguments: JSON.stringify(call.arguments) };
    yield await paced(
      choice({ tool_calls: [{ index, id: `call_${turn}_${index}`, type: 'function', function: named }] }),
    );
  }
  yield choice({}, calls.length > 0 ? 'tool_calls' : 'stop');

  async function paced(chunk: unknown): Promise<unknown> {
    if (paceMs > 0) await wait(paceMs * slowness, undefined, { signal });
    return chunk;
  }
}

/** Each with the blanks around it: line breaks mean something in Markdown. */
function words(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? [];
}

function choice(delta: unknown, finish_reason: string | null = null): unknown {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
}
