import { describe, expect, test } from 'vitest';
import { openSession, user } from './helpers.ts';

const call = { model: 'scripted', node: 'root', message_id: 'm' };

describe('a session', () => {
  test('takes all pending guidance before a model call, in one record with it', () => {
    const { session, ledger, writer } = openSession();
    session.append([
      ...ledger.guidance.queue('a', 'first', {}),
      ...ledger.guidance.queue('b', [{ type: 'text', text: 'second' }], {}),
    ]);
    const shown = session.beginModelCall(call);
    expect(shown.map(({ content, metadata }) => [content, metadata?.['guidance_id']])).toEqual([
      ['first', 'a'],
      [[{ type: 'text', text: 'second' }], 'b'],
    ]);
    expect(writer.records.at(-1)?.entries.map(({ type }) => type)).toEqual(['message', 'message', 'model_called']);
    expect(session.beginModelCall(call)).toEqual([]);
  });

  test('gives an id to a message that has none', () => {
    const { session } = openSession();
    const ids = [
      session.add(user('mine', 'Hi')),
      session.add({ role: 'user', content: 'Ho', message_type: 'user_input' }),
    ];
    expect(ids.flat().map(({ message_id }) => message_id)).toEqual(['mine', expect.stringMatching(/^id-/)]);
  });

  test('shows a streamed message as far as it has come, until it is closed', () => {
    const { session } = openSession();
    const stream = session.startMessage({ role: 'assistant', agent_name: 'simple' });
    expect(stream.draft).toBeUndefined();
    stream.add([{ content: 'Hi' }]);
    expect(stream.draft?.content).toBe('Hi');
    session.append(stream.closing());
    expect(stream.draft).toBeUndefined();
  });
});
