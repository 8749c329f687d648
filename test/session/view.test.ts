import { describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../src/session/entry.ts';
import { added, answered, callers, openSession, result, toolCall, user } from './helpers.ts';

/** The history after these messages, parsed. A result among them is that of the first call of message `m`. */
function shown(...messages: readonly StoredMessage[]): unknown[] {
  const { session } = openSession();
  session.append(messages.map((message) => (message.role === 'tool' ? answered(['m', 0], message) : added(message))));
  return session.history().map((text) => JSON.parse(text) as unknown);
}

const said = (content: string): StoredMessage => ({
  role: 'assistant',
  message_id: 'm',
  content,
  message_type: 'assistant_text',
});
const called = (fields: Partial<StoredMessage>, text = '{}'): StoredMessage => ({
  ...callers('m', ['look']),
  tool_calls: [toolCall('c0', 'look', text)],
  ...fields,
});

describe('the history a model is shown', () => {
  test('has the role and content of each message, and nothing else of it', () => {
    expect(shown({ ...user('u', 'Hi'), agent_name: 'x', metadata: { a: 1 } }, said('Hello'))).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
    ]);
  });

  test('leaves out what only readers are shown', () => {
    const types = ['error', 'token_usage', 'tool_progress'] as const;
    expect(shown(...types.map((message_type) => ({ ...said('x'), message_type })))).toEqual([]);
  });

  test('holds what is hidden from clients', () => {
    expect(shown({ ...user('u', 'Mind the gap'), metadata: { hidden_from_chat: true } })).toHaveLength(1);
  });

  test('leaves out messages that say nothing', () => {
    expect(
      shown(said(''), { ...said(''), content: null, reasoning_content: 'Hm.' }, { ...said(''), content: [] }),
    ).toEqual([]);
  });

  test('keeps reasoning beside calls, and nowhere else', () => {
    expect(
      shown(called({ reasoning_content: 'Look first.' }), result('t', 'c0'), {
        ...said('Hi'),
        reasoning_content: 'Hm.',
      }),
    ).toEqual([
      { role: 'assistant', content: null, reasoning_content: 'Look first.', tool_calls: [toolCall('c0')] },
      { role: 'tool', tool_call_id: 'c0', content: 't' },
      { role: 'assistant', content: 'Hi' },
    ]);
  });

  test('keeps the text that was said with a call', () => {
    expect(shown(called({ content: 'One moment.' }), result('t', 'c0'))[0]).toMatchObject({ content: 'One moment.' });
    expect(shown(called({ content: '' }), result('t', 'c0'))[0]).toMatchObject({ content: null });
  });

  test.each(['{"path": "a', '', 'look!'])('renders the broken arguments %j as {}', (text) => {
    expect(shown(called({}, text), result('t', 'c0'))[0]).toMatchObject({ tool_calls: [toolCall('c0', 'look', '{}')] });
  });

  test('keeps arguments that are JSON as the model wrote them', () => {
    expect(shown(called({}, '{ "a" : 1 }'), result('t', 'c0'))[0]).toMatchObject({
      tool_calls: [toolCall('c0', 'look', '{ "a" : 1 }')],
    });
  });

  test.each(['aborted', 'deadline', 'stream-cut', 'crashed'])(
    'leaves a message that ended %s its text only',
    (incomplete) => {
      expect(shown(called({ content: 'I will', reasoning_content: 'Hm.', metadata: { incomplete } }))).toEqual([
        { role: 'assistant', content: 'I will' },
      ]);
      expect(shown(called({ metadata: { incomplete } }))).toEqual([]);
    },
  );

  test('keeps the calls of a message cut at its length: they are answered', () => {
    expect(shown(called({ metadata: { incomplete: 'length' } }, '{"a'), result('t', 'c0'))).toHaveLength(2);
  });

  test('gives a result without a word an empty one', () => {
    expect(shown(called({}), { ...result('t', 'c0'), content: null })[1]).toEqual({
      role: 'tool',
      tool_call_id: 'c0',
      content: '',
    });
  });

  test('leaves out a result whose call it does not know', () => {
    expect(shown(result('t', 'c0'))).toEqual([]);
  });
});

describe('a call and its results', () => {
  test('appear when the last result is there', () => {
    const { session } = openSession();
    session.append([added(callers('m', ['look', 'read'])), answered(['m', 0], result('t0', 'c0'))]);
    expect(session.history()).toEqual([]);
    session.append([answered(['m', 1], result('t1', 'c1'))]);
    expect(session.history()).toHaveLength(3);
  });

  test('stand together, whatever came between them', () => {
    expect(shown(callers('m', ['look']), user('u', 'Wait'), result('t', 'c0'))).toEqual([
      { role: 'user', content: 'Wait' },
      { role: 'assistant', content: null, tool_calls: [toolCall('c0')] },
      { role: 'tool', tool_call_id: 'c0', content: 't' },
    ]);
  });

  test('stand in call order, in whatever order they were added', () => {
    const { session } = openSession();
    session.append([added(callers('m', ['look', 'read']))]);
    session.append([answered(['m', 1], result('second', 'c1')), answered(['m', 0], result('first', 'c0'))]);
    expect(session.history().slice(1)).toEqual([expect.stringContaining('first'), expect.stringContaining('second')]);
  });

  test('are told apart by their place where a provider repeats an id', () => {
    const { session } = openSession();
    const twins = { ...callers('m', []), tool_calls: [toolCall('same', 'look'), toolCall('same', 'read')] };
    session.append([
      added(twins),
      answered(['m', 0], result('first', 'same')),
      answered(['m', 1], result('second', 'same')),
    ]);
    expect(session.history().slice(1)).toEqual([expect.stringContaining('first'), expect.stringContaining('second')]);
  });
});
