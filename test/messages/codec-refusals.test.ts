import { expect, test } from 'vitest';
import { readInputMessages } from '../../src/messages/codec.ts';

const asks = { role: 'assistant', content: null };
const piece = { role: 'assistant', message_id: 'm', is_chunk: true };

test.each([
  ['no array', 'Hi', ''],
  ['nothing', undefined, ''],
  ['what is no message', [null], '[0]'],
  ['an array for a message', [[]], '[0]'],
  ['no role', [{ content: 'Hi' }], '[0].role'],
  ['a role nobody has', [{ role: 'developer', content: 'Hi' }], '[0].role'],
  ['content of another kind', [{ role: 'user', content: 3 }], '[0].content'],
  ['nothing said', [{ role: 'user', content: ' ' }], '[0].content'],
  ['no content', [{ role: 'user' }], '[0].content'],
  [
    'a part without a type',
    [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, { text: 'x' }] }],
    '[0].content[1]',
  ],
  ['a part that is text', [{ role: 'user', content: ['Hi'] }], '[0].content[0]'],
  ['a text part without text', [{ role: 'user', content: [{ type: 'text' }] }], '[0].content[0]'],
  [
    'an image without a url',
    [{ role: 'user', content: [{ type: 'image_url', image_url: 'data:,' }] }],
    '[0].content[0]',
  ],
  ['audio without data', [{ role: 'user', content: [{ type: 'input_audio' }] }], '[0].content[0]'],
  ['an answer that says nothing', [{ role: 'assistant', content: '' }], '[0]'],
  ['an answer of no calls', [{ role: 'assistant', tool_calls: [] }], '[0]'],
  ['calls that are no array', [{ ...asks, tool_calls: {} }], '[0].tool_calls'],
  [
    'a call without an id',
    [{ ...asks, tool_calls: [{ function: { name: 'f', arguments: '' } }] }],
    '[0].tool_calls[0]',
  ],
  ['a call without a name', [{ ...asks, tool_calls: [{ id: 'c', function: { arguments: '' } }] }], '[0].tool_calls[0]'],
  [
    'parsed arguments',
    [{ ...asks, tool_calls: [{ id: 'c', function: { name: 'f', arguments: {} } }] }],
    '[0].tool_calls[0]',
  ],
  ['a call that is text', [{ ...asks, tool_calls: ['f()'] }], '[0].tool_calls[0]'],
  ['a result without its call', [{ role: 'tool', content: 'x' }], '[0].tool_call_id'],
  ['metadata that is text', [{ role: 'user', content: 'Hi', metadata: 'x' }], '[0].metadata'],
  ['an id that is a number', [{ role: 'user', content: 'Hi', message_id: 1 }], '[0].message_id'],
  ['a session that is a number', [{ role: 'user', content: 'Hi', session_id: 1 }], '[0].session_id'],
  ['a type that is a number', [{ role: 'user', content: 'Hi', type: 1 }], '[0].type'],
  ['reasoning of another kind', [{ role: 'assistant', content: 'Hi', reasoning_content: [] }], '[0].reasoning_content'],
  ['a bad message behind good ones', [{ role: 'user', content: 'Hi' }, { role: 'tool' }], '[1].tool_call_id'],
  ['a bad message behind one that is left out', [{ message_type: 'token_usage' }, { role: 'x' }], '[1].role'],
  ['nothing among pieces', [{ ...piece, content: 'Hi' }, null], '[1]'],
  ['a piece without an id', [{ ...piece, message_id: undefined, content: 'Hi' }], '[0].message_id'],
  ['a piece whose reasoning is no text', [{ ...piece, reasoning_content: 3 }], '[0].reasoning_content'],
  ['a piece with parts', [{ ...piece, content: [{ type: 'text', text: 'Hi' }] }], '[0].content'],
  ['a piece of a call without a place', [{ ...piece, tool_calls: [{ id: 'c' }] }], '[0].tool_calls'],
  [
    'a piece of a call at a place that cannot be',
    [{ ...piece, tool_calls: [{ index: 1e9, id: 'c' }] }],
    '[0].tool_calls',
  ],
])('%s is refused, by its field', (_, given, place) => {
  expect(() => readInputMessages(given)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: expect.stringContaining(`inputMessages${place} `),
      facts: expect.objectContaining({ option: `inputMessages${place}` }),
    }),
  );
});
