import { describe, expect, test } from 'vitest';
import { restEntries } from '../../src/session/repair-pairs.ts';
import { added, callers, expandAll, openSession, result } from './helpers.ts';

const header = { role: 'assistant', agent_name: 'simple' } as const;

describe('the next owner of a session that crashed', () => {
  test('closes an open message with the chunk that was due', () => {
    const first = openSession();
    first.session.startMessage(header).add([{ content: 'Hel' }, { content: 'lo' }]);
    const { session, ledger } = openSession({ records: first.writer.records });
    expect(session.append(restEntries(ledger, 'crashed', session.createId))).toEqual([
      expect.objectContaining({ chunk_id: 'id-1-2', is_final: true, metadata: { incomplete: 'crashed' }, seq: 3 }),
    ]);
    expect(ledger.find('id-1')).toMatchObject({ content: 'Hello', metadata: { incomplete: 'crashed' } });
  });

  test('shows the results that had settled before it came', () => {
    const first = openSession();
    first.session.append([
      added(callers('m', ['look', 'read', 'write'])),
      { type: 'intents', message_id: 'm', calls: [0, 1, 2] },
      { type: 'settled', call: ['m', 1], message: result('t1', 'c1', 'read') },
      { type: 'settled', call: ['m', 2], message: result('t2', 'c2', 'written') },
    ]);
    const { session, ledger } = openSession({ records: first.writer.records });
    const shown = session.append(restEntries(ledger, 'crashed', session.createId));
    expect(shown.map(({ tool_call_id, content }) => [tool_call_id, content])).toEqual([
      ['c0', expect.stringContaining('may or may not have run')],
      ['c1', 'read'],
      ['c2', 'written'],
    ]);
    expect(session.history()).toHaveLength(4);
  });

  test('gives the closing chunk the type of what was shown last', () => {
    const first = openSession();
    first.session
      .startMessage(header)
      .add([{ content: 'Hm' }, { tool_calls: [{ index: 0, id: 'c' }] }, { content: '!' }]);
    const { session, ledger, writer } = openSession({ records: first.writer.records });
    const shown = session.append(restEntries(ledger, 'crashed', session.createId));
    expect(shown).toMatchObject([{ message_type: 'assistant_text', is_final: true }]);
    expect(expandAll(writer.records).at(-1)).toEqual(shown[0]);
  });

  test('goes on counting where the numbers ended', () => {
    const first = openSession();
    first.session.startMessage(header).add([{ content: 'a' }, { content: 'b' }]);
    const { session, writer } = openSession({ records: first.writer.records });
    session.add({ role: 'user', content: 'Hi', message_type: 'user_input' });
    expect(writer.records.map(({ seq }) => seq)).toEqual([1, 3]);
  });
});
