import { describe, expect, test } from 'vitest';
import { readInputMessages } from '../../../src/messages/codec.ts';
import { inputEntries } from '../../../src/runtime/options/read-input.ts';
import type { Entry, MessageAdded } from '../../../src/session/entry.ts';
import { countingIds } from '../../../src/testing/fixed.ts';
import { added, answered, callers, openSession, result, toolCall, user } from '../../session/helpers.ts';

/** A message as a host gives it. */
interface Given {
  readonly role: string;
  readonly [field: string]: unknown;
}

const calls = { role: 'assistant', content: null, tool_calls: [toolCall('a'), toolCall('b')] } as const;

/** The entries by which input joins a session that holds `known`. */
function join(input: readonly Given[], known: readonly Entry[] = []): Entry[] {
  const { session, ledger } = openSession();
  session.append(known);
  return inputEntries(readInputMessages(input), ledger, { createId: countingIds('new'), context: 'now' });
}

const messagesOf = (entries: readonly Entry[]) => (entries as readonly MessageAdded[]).map(({ message }) => message);
const refusal = expect.objectContaining({
  code: 'invalid-argument',
  facts: expect.objectContaining({ option: 'inputMessages' }),
});

describe('a new message', () => {
  test('is added with an id, or with its own', () => {
    const entries = join([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Ho', message_id: 'mine' },
    ]);
    expect(messagesOf(entries).map(({ message_id, content }) => [message_id, content])).toEqual([
      ['new-1', 'Hi'],
      ['mine', 'Ho'],
    ]);
  });

  test('of the user has the changing facts before it, if it is the newest of them', () => {
    const entries = join([
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: 'c' },
    ]);
    expect(entries.map((entry) => 'context' in entry && entry.context)).toEqual([false, 'now', false]);
  });

  test('does not carry a session id into the journal', () => {
    expect(messagesOf(join([{ role: 'user', content: 'Hi', session_id: 's' }]))[0]).not.toHaveProperty('session_id');
  });

  test('given twice in one input is added once', () => {
    const twice = { role: 'user', content: 'Hi', message_id: 'u' } as const;
    expect(join([twice, twice])).toHaveLength(1);
  });
});

describe('a message that is there already', () => {
  const known = [
    added(user('u', 'Hi')),
    added({ ...user('a', 'Ho'), role: 'assistant', message_type: 'assistant_text' }),
  ];

  test('is left out when it says the same', () => {
    expect(join([{ role: 'user', content: 'Hi', message_id: 'u' }], known)).toEqual([]);
    const parts = [{ type: 'text', text: 'Hi' }];
    expect(
      join([{ role: 'user', content: parts, message_id: 'u' }], [added({ ...user('u', ''), content: parts })]),
    ).toEqual([]);
  });

  test('is replaced in its place when it says something else', () => {
    expect(join([{ role: 'user', content: 'Hello', message_id: 'u' }], known)).toEqual([
      { type: 'replaced', message_id: 'u', content: 'Hello' },
    ]);
    expect(join([{ role: 'assistant', content: 'Well', message_id: 'a' }], known)).toEqual([
      { type: 'replaced', message_id: 'a', content: 'Well' },
    ]);
  });

  test('leaves the changing facts to a message that is new', () => {
    const entries = join(
      [
        { role: 'user', content: 'Hello', message_id: 'u' },
        { role: 'user', content: 'And?' },
      ],
      known,
    );
    expect(entries).toMatchObject([{ type: 'replaced' }, { type: 'message', context: 'now' }]);
  });

  const withCalls = [added(callers('m', ['look'])), answered(['m', 0], result('t', 'c0', 'a lake'))];

  test.each<[string, Given]>([
    ['a result', { role: 'tool', content: 'an ocean', tool_call_id: 'c0', message_id: 't' }],
    ['a message with calls', { role: 'assistant', content: 'x', tool_calls: [toolCall('c0')], message_id: 'm' }],
    ['a message with calls, as one without', { role: 'assistant', content: 'x', message_id: 'm' }],
    ['a result, as a user message', { role: 'user', content: 'an ocean', message_id: 't' }],
    ['a message with calls, as a user message', { role: 'user', content: 'x', message_id: 'm' }],
  ])('cannot be replaced when it is %s', (_, message) => {
    expect(() => join([message], withCalls)).toThrow(refusal);
  });

  test('cannot change its role by being replaced', () => {
    expect(() => join([{ role: 'user', content: 'x', message_id: 'a' }], known)).toThrow(refusal);
  });
});

describe('calls in the input', () => {
  test('take the results that follow them', () => {
    const results = ['b', 'a'].map((id): Given => ({ role: 'tool', content: id, tool_call_id: id }));
    expect(join([calls, ...results])).toMatchObject([
      { message: { message_id: 'new-1' } },
      { message: { content: 'b' }, call: ['new-1', 1] },
      { message: { content: 'a' }, call: ['new-1', 0] },
    ]);
  });

  test('without a result were not run, before the next message and at the end', () => {
    const entries = join([
      calls,
      { role: 'tool', content: 'x', tool_call_id: 'b' },
      { role: 'user', content: 'Go on' },
      calls,
    ]);
    const told = messagesOf(entries).map(({ role, content }) => (role === 'tool' ? content : role));
    const notRun = expect.stringContaining('"not_run"');
    expect(told).toEqual(['assistant', 'x', notRun, 'user', 'assistant', notRun, notRun]);
  });

  test('of the same id are told apart by their place', () => {
    const twins = { ...calls, tool_calls: [toolCall('same'), toolCall('same')] };
    const results: Given[] = ['x', 'y'].map((content) => ({ role: 'tool', content, tool_call_id: 'same' }));
    expect(join([twins, ...results]).slice(1)).toMatchObject([{ call: ['new-1', 0] }, { call: ['new-1', 1] }]);
  });

  test.each<[string, Given[]]>([
    ['without a call', [{ role: 'tool', content: 'x', tool_call_id: 'a' }]],
    ['of a call it does not know', [calls, { role: 'tool', content: 'x', tool_call_id: 'z' }]],
    [
      'behind the next message',
      [calls, { role: 'user', content: 'Hi' }, { role: 'tool', content: 'x', tool_call_id: 'a' }],
    ],
    ['twice', [calls, ...['x', 'y'].map((content): Given => ({ role: 'tool', content, tool_call_id: 'a' }))]],
  ])('a result %s is refused', (_, input) => {
    expect(() => join(input)).toThrow(refusal);
  });
});
