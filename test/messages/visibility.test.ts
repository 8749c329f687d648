import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/messages/message.ts';
import { isVisible } from '../../src/messages/visibility.ts';

test.each([
  [undefined, true],
  [{}, true],
  [{ hidden_from_chat: true }, false],
  [{ hide_from_chat: true }, false],
  [{ sse_visible: false }, false],
  [{ hidden_from_chat: false, sse_visible: true }, true],
  [{ hidden_from_chat: 'true', sse_visible: 0 }, true],
])('clients see a message with metadata %j: %s', (metadata, visible) => {
  expect(isVisible(metadata === undefined ? {} : { metadata })).toBe(visible);
});

describe('the text of a message', () => {
  test.each([
    ['Hi', 'Hi'],
    [null, ''],
    [[], ''],
    [
      [
        { type: 'text', text: 'Hel' },
        { type: 'image_url', image_url: { url: '' } },
        { type: 'text', text: 'lo' },
      ],
      'Hello',
    ],
  ])('with content %j is %j', (content, text) => {
    expect(textOf({ content })).toBe(text);
  });

  test('without content is empty', () => {
    expect(textOf({})).toBe('');
  });
});
