import { describe, expect, test } from 'vitest';
import { openSession, user } from './helpers.ts';

const image = { type: 'image_url', image_url: { url: 'data:,' } } as const;

describe('the changing facts', () => {
  test('stand before the text of their message', () => {
    const { session } = openSession();
    session.add(user('u', 'Hi'), { context: '<context>now</context>' });
    expect(session.history()).toEqual([JSON.stringify({ role: 'user', content: '<context>now</context>\n\nHi' })]);
  });

  test('stand as a part of their own before parts', () => {
    const { session } = openSession();
    session.add({ ...user('u', ''), content: [image] }, { context: 'now' });
    expect(session.history()).toEqual([
      JSON.stringify({ role: 'user', content: [{ type: 'text', text: 'now' }, image] }),
    ]);
  });

  test('are shown to the model only', () => {
    const { session, ledger } = openSession();
    const [chunk] = session.add(user('u', 'Hi'), { context: 'now' });
    expect([chunk?.content, ledger.find('u')?.content]).toEqual(['Hi', 'Hi']);
  });
});

describe('a message that was replaced', () => {
  test('is shown with its new content, in its old place and with its old facts', () => {
    const { session } = openSession();
    session.add(user('u1', 'Hi'), { context: 'now' });
    session.add(user('u2', 'Still there?'));
    expect(session.history()).toHaveLength(2);
    session.append([{ type: 'replaced', message_id: 'u1', content: 'Hello' }]);
    expect(session.history().map((text) => JSON.parse(text) as unknown)).toEqual([
      { role: 'user', content: 'now\n\nHello' },
      { role: 'user', content: 'Still there?' },
    ]);
  });

  test('keeps its place and number in the ledger', () => {
    const { session, ledger } = openSession();
    session.add(user('u', 'Hi'));
    session.append([{ type: 'replaced', message_id: 'u', content: 'Hello' }]);
    expect(ledger.messages()).toEqual([expect.objectContaining({ message_id: 'u', content: 'Hello', seq: 1 })]);
  });
});
