import { describe, expect, test } from 'vitest';
import { assembleMessages } from '../../src/messages/assemble.ts';
import type { Piece } from '../../src/messages/message.ts';
import { chunk, whole } from './helpers.ts';

describe('chunks', () => {
  test('become the message they are pieces of: all it says, and when it began', () => {
    const chunks = [
      chunk({ reasoning_content: 'Hm.' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({ is_final: true }),
    ];
    expect(assembleMessages(chunks)).toEqual([
      {
        role: 'assistant',
        message_id: 'm',
        session_id: 's',
        agent_name: 'simple',
        content: 'Hello',
        reasoning_content: 'Hm.',
        message_type: 'assistant_text',
        timestamp: chunks[0]?.timestamp,
        seq: chunks[3]?.seq,
      },
    ]);
  });

  test('of several messages may be mixed: each message stands where it began', () => {
    const ids = ['a', 'b', 'a', 'c', 'b'];
    const messages = assembleMessages(ids.map((message_id, place) => chunk({ message_id, content: `${place}` })));
    expect(messages.map(({ message_id, content }) => [message_id, content])).toEqual([
      ['a', '02'],
      ['b', '14'],
      ['c', '3'],
    ]);
  });

  test('without a last piece are given as far as they are known', () => {
    expect(assembleMessages([chunk({ content: 'Hel' })])).toMatchObject([{ content: 'Hel' }]);
  });

  test('that are whole are taken as they are, without the places of their calls', () => {
    const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } } as const;
    const messages = assembleMessages([
      whole({ message_id: 'u', role: 'user', content: [{ type: 'text', text: 'Hi' }], metadata: { a: 1 } }),
      whole({ message_id: 'a', content: null, tool_calls: [{ index: 0, ...call }] }),
      whole({ message_id: 'e', content: 'No.', message_type: 'error', error_info: { code: 'x', message: 'No.' } }),
    ]);
    expect(messages).toMatchObject([
      { content: [{ type: 'text', text: 'Hi' }], metadata: { a: 1 } },
      { content: null, tool_calls: [call] },
      { error_info: { code: 'x', message: 'No.' } },
    ]);
    expect(messages[1]?.tool_calls).toEqual([call]);
    for (const message of messages) {
      for (const field of ['chunk_id', 'is_chunk', 'is_final']) expect(message).not.toHaveProperty(field);
    }
  });

  test('bring the metadata of the closing piece', () => {
    const chunks = [chunk({ content: 'Hel' }), chunk({ is_final: true, metadata: { incomplete: 'length' } })];
    expect(assembleMessages(chunks)).toMatchObject([{ content: 'Hel', metadata: { incomplete: 'length' } }]);
  });
});

describe('the calls of a message', () => {
  test('are put together by their index, in whatever order the pieces come', () => {
    const chunks = [
      { index: 1, id: 'b', function: { name: 'read' } },
      { index: 0, id: 'a', function: { name: 'look', arguments: '{"x"' } },
      { index: 1, function: { arguments: '{}' } },
      { index: 0, function: { arguments: ':1}' } },
    ].map((call) => chunk({ tool_calls: [call] }));
    expect(assembleMessages(chunks)).toMatchObject([
      {
        message_type: 'tool_call',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'look', arguments: '{"x":1}' } },
          { id: 'b', type: 'function', function: { name: 'read', arguments: '{}' } },
        ],
      },
    ]);
  });

  test('may come with text and reasoning in one piece: nothing of it is lost', () => {
    const call = { index: 0, id: 'a', function: { name: 'look', arguments: '{}' } };
    expect(assembleMessages([chunk({ content: 'Hi', reasoning_content: 'Hm', tool_calls: [call] })])).toMatchObject([
      { content: 'Hi', reasoning_content: 'Hm', tool_calls: [{ id: 'a' }] },
    ]);
  });
});

describe('the type of a message', () => {
  test.each<[string, Piece[], string]>([
    ['text', [{ content: 'Hi' }], 'assistant_text'],
    ['reasoning only', [{ reasoning_content: 'Hm' }], 'reasoning_content'],
    ['reasoning, then text', [{ reasoning_content: 'Hm' }, { content: 'Hi' }], 'assistant_text'],
    ['a call', [{ content: 'Hi' }, { tool_calls: [{ index: 0, id: 'a' }] }], 'tool_call'],
  ])('of %s is what it shows', (_, pieces, type) => {
    expect(assembleMessages(pieces.map(chunk))).toMatchObject([{ message_type: type }]);
  });

  test('that is none of these is kept', () => {
    const progress = chunk({ content: '1 %', role: 'tool', tool_call_id: 'c', message_type: 'tool_progress' });
    expect(assembleMessages([progress])).toMatchObject([{ message_type: 'tool_progress', tool_call_id: 'c' }]);
  });
});
