import { describe, expect, test } from 'vitest';
import { scriptedModel, type ScriptedAnswer } from '../../src/testing/scripted-model.ts';
import { ask } from './helpers.ts';

interface Chunk {
  readonly choices: readonly { readonly delta: unknown; readonly finish_reason: string | null }[];
}

/** The deltas of the answers of a script, one call after the other; a finish reason and figures as they come. */
async function answersOf(...script: readonly ScriptedAnswer[]): Promise<unknown[]> {
  const model = scriptedModel(script);
  const told: unknown[] = [];
  for (const _ of script) {
    for await (const chunk of await ask(model)) {
      const [choice] = (chunk as Chunk).choices;
      told.push(choice === undefined ? chunk : (choice.finish_reason ?? choice.delta));
    }
  }
  return told;
}

const open = (index: number, id: string, name: string, text: string) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }],
});

describe('a scripted answer', () => {
  test('of text is one piece, and stops', async () => {
    expect(await answersOf('Hello')).toEqual([{ content: 'Hello' }, 'stop']);
  });

  test('of parts comes piece by piece: reasoning, text, calls, finish reason, usage', async () => {
    const usage = { prompt_tokens: 1 };
    const answer = { usage, toolCalls: [{ name: 'look' }], text: ['a', 'b'], reasoning: 'Hm' };
    expect(await answersOf(answer)).toEqual([
      { reasoning_content: 'Hm' },
      { content: 'a' },
      { content: 'b' },
      open(0, 'call_1', 'look', '{}'),
      'tool_calls',
      { choices: [], usage },
    ]);
  });

  test('sends arguments as JSON, broken, or piece by piece, and counts call ids over the whole script', async () => {
    const first = {
      toolCalls: [
        { name: 'a', arguments: { x: 1 } },
        { name: 'b', arguments: '{"x' },
      ],
      finishReason: 'length',
    };
    const second = {
      toolCalls: [
        { name: 'c', arguments: ['{"x"', ':1}'] },
        { name: 'd', id: 'mine' },
      ],
      finishReason: null,
    };
    expect(await answersOf(first, second)).toEqual([
      open(0, 'call_1', 'a', '{"x":1}'),
      open(1, 'call_2', 'b', '{"x'),
      'length',
      open(0, 'call_3', 'c', '{"x"'),
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      open(1, 'mine', 'd', '{}'),
    ]);
  });

  test('may be made of the request, and of the chunks a provider would send', async () => {
    expect(await answersOf(async ({ messages }) => ({ chunks: [{ choices: [], messages: messages.length }] }))).toEqual(
      [{ choices: [], messages: 1 }],
    );
  });
});
