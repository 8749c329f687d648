import { describe, expect, test } from 'vitest';
import { added, answered, callers, openSession, result, user } from './helpers.ts';

const header = { role: 'assistant', agent_name: 'simple' } as const;

describe('a ledger', () => {
  test('tells a message that is still coming as far as it has come', () => {
    const { session, ledger } = openSession();
    const stream = session.startMessage(header);
    stream.add([{ reasoning_content: 'Hm.' }]);
    expect(ledger.messages()).toMatchObject([
      { content: '', reasoning_content: 'Hm.', message_type: 'reasoning_content', seq: 1 },
    ]);
    stream.add([{ content: 'Hel' }, { content: 'lo' }]);
    expect(ledger.messages()).toMatchObject([{ content: 'Hello', message_type: 'assistant_text', seq: 3 }]);
  });

  test('keeps messages in the order they began', () => {
    const { session, ledger } = openSession();
    const stream = session.startMessage(header);
    stream.add([{ content: 'first' }]);
    session.append([added(user('u', 'second'))]);
    session.append(stream.closing());
    expect(ledger.messages().map(({ content }) => content)).toEqual(['first', 'second']);
    expect(ledger.whole.map(({ message }) => message.content)).toEqual(['second', 'first']);
  });

  test('makes one message of pieces whose ids interleave with those of another', () => {
    const { session, ledger } = openSession();
    const [a, b] = [session.startMessage(header), session.startMessage(header)];
    for (const stream of [a, b, a]) stream.add([{ content: 'x' }]);
    expect(ledger.messages().map(({ content }) => content)).toEqual(['xx', 'x']);
  });

  test('keeps an empty result as the result it is', () => {
    const { session, ledger } = openSession();
    session.append([added(callers('m', ['look'])), answered(['m', 0], result('t', 'c0', ''))]);
    expect(ledger.openCalls.size).toBe(0);
    expect(ledger.find('t')?.content).toBe('');
  });

  test('holds calls open until each has its result', () => {
    const { session, ledger } = openSession();
    session.append([added(callers('m', ['look', 'read'])), { type: 'intents', message_id: 'm', calls: [0, 1] }]);
    session.append([answered(['m', 0], result('t0', 'c0'))]);
    expect(ledger.openCalls.get('m')).toMatchObject({ intended: new Set([0, 1]), answered: new Set([0]) });
    session.append([answered(['m', 1], result('t1', 'c1'))]);
    expect(ledger.openCalls.size).toBe(0);
  });

  test('opens no calls of a message that was cut while they were written', () => {
    const { session, ledger } = openSession();
    const stream = session.startMessage(header);
    stream.add([{ tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '{"pa' } }] }]);
    session.append(stream.closing({ incomplete: 'stream-cut' }));
    expect(ledger.openCalls.size).toBe(0);
  });

  test('gives the results of a message, and of no other, the newest first', () => {
    const { session, ledger } = openSession();
    session.append([added(callers('a', ['look'])), answered(['a', 0], result('ta', 'c0'))]);
    session.append([added(callers('b', ['look', 'read']))]);
    session.append([answered(['b', 0], result('tb0', 'c0')), answered(['b', 1], result('tb1', 'c1'))]);
    expect(ledger.resultsOf('b').map(({ message_id }) => message_id)).toEqual(['tb1', 'tb0']);
    expect(ledger.resultsOf('a').map(({ message_id }) => message_id)).toEqual(['ta']);
  });

  test('keeps the newest value of what tools have set', () => {
    const { session } = openSession();
    session.toolState.set('todo', ['a']);
    session.toolState.set('todo', ['a', 'b']);
    expect([session.toolState.get('todo'), session.toolState.get('other')]).toEqual([['a', 'b'], undefined]);
  });
});
