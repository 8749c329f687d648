import { describe, expect, test } from 'vitest';
import type { ReadMessage } from '../../../src/messages/codec.ts';
import type { Content } from '../../../src/messages/message.ts';
import { readControlTags } from '../../../src/runtime/options/control-tags.ts';

function user(content: Content): ReadMessage {
  return { role: 'user', content, message_type: 'user_input' };
}

function read(...contents: readonly Content[]) {
  const { messages, tags } = readControlTags(contents.map(user));
  return { contents: messages.map(({ content }) => content), tags };
}

describe('control tags at the start of user text', () => {
  test.each<[string, string, object]>([
    ['<enable_plan>true</enable_plan> Go', 'Go', { plan: true }],
    ['<enable_plan>false</enable_plan>Go', 'Go', { plan: false }],
    ['<enable_deep_thinking>true</enable_deep_thinking>\nGo', 'Go', { thinking: 'high' }],
    ['<enable_deep_thinking>false</enable_deep_thinking>Go', 'Go', { thinking: 'off' }],
    ['<thinking_level>low</thinking_level>Go', 'Go', { thinking: 'low' }],
    ['<deep_thinking_level>max</deep_thinking_level>Go', 'Go', { thinking: 'max' }],
    ['  <ENABLE_PLAN> TRUE </enable_plan>Go', 'Go', { plan: true }],
    ['<enable_plan>true</enable_plan><thinking_level>low</thinking_level>Go', 'Go', { plan: true, thinking: 'low' }],
    [
      '<thinking_level>low</thinking_level><enable_deep_thinking>true</enable_deep_thinking>Go',
      'Go',
      { thinking: 'low' },
    ],
    [
      '<enable_deep_thinking>true</enable_deep_thinking><thinking_level>low</thinking_level>Go',
      'Go',
      { thinking: 'low' },
    ],
    [
      '<thinking_level>low</thinking_level><enable_deep_thinking>false</enable_deep_thinking>Go',
      'Go',
      { thinking: 'off' },
    ],
    ['<enable_plan>false</enable_plan><enable_plan>true</enable_plan>Go', 'Go', { plan: true }],
  ])('%j are taken off, and read', (text, rest, tags) => {
    expect(read(text)).toEqual({ contents: [rest], tags });
  });

  test.each([
    'Go <enable_plan>true</enable_plan>',
    '<enable_plan>true</thinking_level>Go',
    '<enable_plan>true Go',
    '<other>true</other>Go',
    'Go',
  ])('are not in %j', (text) => {
    expect(read(text)).toEqual({ contents: [text], tags: {} });
  });

  test('of the newest message win', () => {
    const tags = ['<thinking_level>low</thinking_level>a', '<thinking_level>high</thinking_level>b', 'c'];
    expect(read(...tags)).toEqual({ contents: ['a', 'b', 'c'], tags: { thinking: 'high' } });
  });

  test('are read from the first part, which is dropped when it held nothing else', () => {
    const image = { type: 'image_url', image_url: { url: '' } } as const;
    const plan = '<enable_plan>true</enable_plan>';
    expect(read([{ type: 'text', text: `${plan}Go` }, image], [{ type: 'text', text: plan }, image])).toEqual({
      contents: [[{ type: 'text', text: 'Go' }, image], [image]],
      tags: { plan: true },
    });
    expect(read([image, { type: 'text', text: plan }]).tags).toEqual({});
  });

  test('are what the user says only: the same text of an assistant stays', () => {
    const message: ReadMessage = { ...user('<enable_plan>true</enable_plan>Go'), role: 'assistant' };
    expect(readControlTags([message])).toEqual({ messages: [message], tags: {} });
  });

  test('cannot be all a message says', () => {
    const refusal = expect.objectContaining({ code: 'invalid-argument', facts: { option: 'inputMessages[1]' } });
    expect(() => read('Hi', '<enable_plan>true</enable_plan> ')).toThrow(refusal);
  });
});
