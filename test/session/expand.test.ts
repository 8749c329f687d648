import { describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/testing/fixed.ts';
import { answered, added, callers, expandAll, newYear, openSession, result, toolCall, user } from './helpers.ts';

const header = { role: 'assistant', agent_name: 'simple' } as const;

describe('a streamed message', () => {
  test('is a chunk for each piece, with one time for what came together, and one that closes it', () => {
    const { session } = openSession({ clock: fixedClock(0, 1_000) });
    const stream = session.startMessage(header);
    const base = { ...header, message_id: 'id-1', session_id: 's', is_chunk: true, is_final: false };
    expect([...stream.add([{ content: 'Hel' }, { content: 'lo' }]), ...stream.add([{ content: '.' }])]).toEqual([
      { ...base, chunk_id: 'id-1-0', content: 'Hel', message_type: 'assistant_text', timestamp: 0, seq: 1 },
      { ...base, chunk_id: 'id-1-1', content: 'lo', message_type: 'assistant_text', timestamp: 0, seq: 2 },
      { ...base, chunk_id: 'id-1-2', content: '.', message_type: 'assistant_text', timestamp: 1, seq: 3 },
    ]);
    expect(session.append(stream.closing({ incomplete: 'length' }))).toEqual([
      {
        ...base,
        chunk_id: 'id-1-3',
        message_type: 'assistant_text',
        is_final: true,
        metadata: { incomplete: 'length' },
        timestamp: 2,
        seq: 4,
      },
    ]);
  });

  test('tells with each piece what it shows', () => {
    const { session } = openSession();
    const call = { tool_calls: [{ index: 0, id: 'c', function: { name: 'look' } }] };
    const shown = session.startMessage(header).add([{ reasoning_content: 'Hm' }, { content: 'Hi' }, call]);
    expect(shown.map(({ message_type }) => message_type)).toEqual(['reasoning_content', 'assistant_text', 'tool_call']);
  });

  test('keeps a type of its own, and the call it belongs to, on every piece', () => {
    const { session } = openSession();
    const stream = session.startMessage({ ...header, role: 'tool', tool_call_id: 'c', message_type: 'tool_progress' });
    const chunks = [...stream.add([{ content: '10 %' }]), ...session.append(stream.closing())];
    expect(chunks).toEqual([
      expect.objectContaining({ role: 'tool', tool_call_id: 'c', message_type: 'tool_progress', content: '10 %' }),
      expect.objectContaining({ role: 'tool', tool_call_id: 'c', message_type: 'tool_progress', is_final: true }),
    ]);
  });

  test('of which no piece came is none: nothing is stored', () => {
    const { session, writer } = openSession();
    expect(session.startMessage(header).closing()).toEqual([]);
    expect(writer.records).toEqual([]);
  });

  test('stands beside others that stream at the same time', () => {
    const { session, ledger } = openSession();
    const [a, b] = [session.startMessage(header), session.startMessage(header)];
    const chunks = [
      a.add([{ content: 'A' }]),
      b.add([{ content: 'B' }]),
      a.add([{ content: 'a' }]),
      b.add([{ content: 'b' }]),
    ];
    expect(chunks.flat().map(({ chunk_id }) => chunk_id)).toEqual(['id-1-0', 'id-2-0', 'id-1-1', 'id-2-1']);
    expect(ledger.messages().map(({ content }) => content)).toEqual(['Aa', 'Bb']);
  });
});

describe('a whole message', () => {
  test('is one chunk, with the places of its calls', () => {
    const { session } = openSession();
    expect(session.append([added(callers('m', ['look', 'read']))])).toEqual([
      {
        role: 'assistant',
        message_id: 'm',
        session_id: 's',
        content: null,
        message_type: 'tool_call',
        tool_calls: [
          { index: 0, ...toolCall('c0', 'look') },
          { index: 1, ...toolCall('c1', 'read') },
        ],
        chunk_id: 'm-0',
        timestamp: newYear,
        is_chunk: false,
        is_final: true,
        seq: 1,
      },
    ]);
  });

  test('is shown when the turn of its call has come, if it is the result of one', () => {
    const { session, writer } = openSession();
    session.append([added(callers('m', ['look', 'read']))]);
    expect(session.append([{ type: 'settled', call: ['m', 1], message: result('t1', 'c1') }])).toEqual([]);
    const shown = session.append([answered(['m', 0], result('t0', 'c0')), { type: 'shown', call: ['m', 1] }]);
    expect(shown.map(({ message_id, seq }) => [message_id, seq])).toEqual([
      ['t0', 3],
      ['t1', 4],
    ]);
    expect(expandAll(writer.records).slice(1)).toEqual(shown);
  });
});

test('entries that tell nothing to readers give no chunk', () => {
  const { session } = openSession();
  session.append([added(user('u', 'Hi'))]);
  const prefix = { system: '', tools: '' };
  const shown = session.append([
    { type: 'run_started', run_id: 'r', agent_mode: 'simple', flow: 'f', attempt: 1, prefix },
    { type: 'replaced', message_id: 'u', content: 'Ho' },
    { type: 'guidance_queued', guidance_id: 'g', content: 'x' },
    { type: 'guidance_updated', guidance_id: 'g', content: 'y' },
    { type: 'guidance_deleted', guidance_id: 'g' },
    { type: 'state', key: 'k', value: 1 },
    { type: 'model_called', model: 'm', node: 'root', message_id: 'm' },
    { type: 'model_used', usage: {} },
    { type: 'prefix_changed', cause: 'tools' },
    { type: 'intents', message_id: 'm', calls: [0] },
    { type: 'node_entered', path: 'root', node_type: 'agent', agent_key: 'simple' },
    { type: 'run_state', key: 'k', value: 1 },
    { type: 'node_left', path: 'root', outcome: 'done' },
    { type: 'run_ended', run_id: 'r', status: 'completed', reason: 'done', phase: 'closing' },
  ]);
  expect(shown).toEqual([]);
  expect(session.nextSeq).toBe(16);
});
