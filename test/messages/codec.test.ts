import { describe, expect, test } from 'vitest';
import { isEmpty, readInputMessages } from '../../src/messages/codec.ts';

const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } } as const;

describe('OpenAI messages', () => {
  test('are read with the types their roles make them', () => {
    const image = { type: 'image_url', image_url: { url: 'data:,' } };
    expect(
      readInputMessages([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }, image] },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c', content: '' },
        { role: 'assistant', content: 'Hello' },
      ]),
    ).toEqual([
      { role: 'system', content: 'Be brief.', message_type: 'system' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }, image], message_type: 'user_input' },
      { role: 'assistant', content: null, message_type: 'tool_call', tool_calls: [call] },
      { role: 'tool', content: '', message_type: 'tool_call_result', tool_call_id: 'c' },
      { role: 'assistant', content: 'Hello', message_type: 'assistant_text' },
    ]);
  });

  test('lose fields nobody knows, and those that are null', () => {
    const given = {
      role: 'assistant',
      content: 'Hi',
      refusal: null,
      audio: null,
      tool_calls: null,
      annotations: [],
      name: 'x',
    };
    expect(readInputMessages([given])).toEqual([{ role: 'assistant', content: 'Hi', message_type: 'assistant_text' }]);
  });

  test('keep parts of kinds that are passed through', () => {
    const content = [
      { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
      { type: 'file', file: { file_id: 'f' } },
    ];
    expect(readInputMessages([{ role: 'user', content }])[0]?.content).toEqual(content);
  });
});

describe('Sage messages', () => {
  test('keep their ids, agent and metadata', () => {
    const given = {
      message_id: 'm',
      session_id: 's',
      agent_name: 'plan',
      metadata: { a: 1 },
      chunk_id: 'x',
      timestamp: 1.5,
    };
    expect(readInputMessages([{ role: 'assistant', content: 'Hi', message_type: 'final_answer', ...given }])).toEqual([
      {
        role: 'assistant',
        content: 'Hi',
        message_type: 'final_answer',
        message_id: 'm',
        session_id: 's',
        agent_name: 'plan',
        metadata: { a: 1 },
      },
    ]);
  });

  test.each([
    ['assistant', { type: 'do_subtask_result' }, 'do_subtask_result'],
    ['assistant', { type: 'normal' }, 'assistant_text'],
    ['assistant', { message_type: 'normal' }, 'assistant_text'],
    ['assistant', { message_type: 'stage_summary', type: 'normal' }, 'stage_summary'],
    ['assistant', { type: 'of a later version' }, 'assistant_text'],
    ['user', { type: 'assistant_text' }, 'user_input'],
    ['user', { type: 'system_triggered_run' }, 'system_triggered_run'],
  ])('of role %s with %j are of type %s', (role, type, message_type) => {
    expect(readInputMessages([{ role, content: 'Hi', ...type }])).toMatchObject([{ message_type }]);
  });

  test('may hold nothing but reasoning', () => {
    expect(readInputMessages([{ role: 'assistant', content: '', reasoning_content: 'Hm.' }])).toMatchObject([
      { reasoning_content: 'Hm.' },
    ]);
  });

  test('with empty ids have none', () => {
    const [read] = readInputMessages([
      { role: 'user', content: 'Hi', message_id: '', session_id: null, tool_call_id: '' },
    ]);
    expect(Object.keys(read ?? {})).toEqual(['role', 'content', 'message_type']);
  });

  test.each(['token_usage', 'error', 'tool_progress'])(
    'of type %s are left out: only readers were told',
    (message_type) => {
      expect(readInputMessages([{ role: 'assistant', content: 'x', message_type }])).toEqual([]);
    },
  );
});

test.each([
  ['', true],
  [' \n', true],
  [null, true],
  [[], true],
  [[{ type: 'text', text: ' ' }], true],
  ['a', false],
  [[{ type: 'image_url', image_url: { url: '' } }], false],
])('content %j is empty: %s', (content, empty) => {
  expect(isEmpty(content)).toBe(empty);
});
