import { describe, expect, test } from 'vitest';
import { readInputMessages } from '../../src/messages/codec.ts';
import { chunk, whole } from './helpers.ts';

describe('the chunks of an earlier run, handed back', () => {
  test('are put together, and what only readers were told is left out', () => {
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } } as const;
    const read = readInputMessages([
      whole({ message_id: 'u', role: 'user', content: 'Hi', message_type: 'user_input' }),
      chunk({ message_id: 'a', content: 'Let me ' }),
      chunk({ message_id: 'a', content: 'look.', tool_calls: [call] }),
      chunk({ message_id: 'a', is_final: true }),
      chunk({ message_id: 'p', role: 'tool', content: '1 %', message_type: 'tool_progress', tool_call_id: 'c' }),
      whole({ message_id: 't', role: 'tool', content: 'a lake', message_type: 'tool_call_result', tool_call_id: 'c' }),
      whole({ message_id: 'z', content: '', message_type: 'token_usage' }),
    ]);
    expect(read.map(({ message_id, content, message_type }) => [message_id, content, message_type])).toEqual([
      ['u', 'Hi', 'user_input'],
      ['a', 'Let me look.', 'tool_call'],
      ['t', 'a lake', 'tool_call_result'],
    ]);
    const { index: _index, ...asked } = call;
    expect(read[1]?.tool_calls).toEqual([asked]);
  });

  test('may stand among plain messages, which keep their places and stay themselves', () => {
    const read = readInputMessages([
      { role: 'user', content: 'one' },
      chunk({ content: 'two' }),
      { role: 'user', content: 'three' },
      chunk({ content: '!', is_final: true }),
      { role: 'user', content: 'four' },
    ]);
    expect(read.map(({ content }) => content)).toEqual(['one', 'two!', 'three', 'four']);
  });

  test('may say null for what they do not say', () => {
    const silent = { content: null, reasoning_content: null, tool_calls: null };
    const read = readInputMessages([chunk({ content: 'Hi' }), { ...chunk({ is_final: true }), ...silent }]);
    expect(read).toMatchObject([{ content: 'Hi', message_type: 'assistant_text' }]);
  });

  test('of a session keep its id', () => {
    expect(readInputMessages([chunk({ content: 'Hi' })])).toMatchObject([{ session_id: 's', message_id: 'm' }]);
  });
});
