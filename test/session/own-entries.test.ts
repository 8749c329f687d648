import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/session/entry.ts';
import { ownedBy, ownerOf } from '../../src/session/own-entries.ts';
import { result, user } from './helpers.ts';

const prefix = { system: '', tools: '' };
const header = { role: 'assistant', message_id: 'm', agent_name: 'simple' } as const;

/** One of each type that a child can have. */
const entries = {
  run_started: { type: 'run_started', run_id: 'r', agent_mode: 'simple', flow: 'f', attempt: 1, prefix },
  run_ended: { type: 'run_ended', run_id: 'r', status: 'completed', reason: 'done', phase: 'closing' },
  message: { type: 'message', message: user('u', 'Hi') },
  replaced: { type: 'replaced', message_id: 'u', content: 'Ho' },
  pieces: { type: 'pieces', header, pieces: ['a'] },
  intents: { type: 'intents', message_id: 'm', calls: [0] },
  settled: { type: 'settled', call: ['m', 0], message: result('t', 'c0') },
  shown: { type: 'shown', call: ['m', 0] },
  guidance_queued: { type: 'guidance_queued', guidance_id: 'g', content: 'x' },
  confirmation_requested: {
    type: 'confirmation_requested',
    confirmation_id: 'c',
    call: ['m', 0],
    kind: 'approval',
    tool: 'pay',
    arguments: {},
    digest: 'd',
    grant: 'pay',
    reason: 'May it?',
    expires_at: 1,
  },
  confirmation_closed: { type: 'confirmation_closed', confirmation_id: 'c', decision: 'deny', by: 'ada' },
  hook_ran: { type: 'hook_ran', hook: 'onStop', path: 'root', outcome: 'passed' },
  guidance_updated: { type: 'guidance_updated', guidance_id: 'g', content: 'y' },
  guidance_deleted: { type: 'guidance_deleted', guidance_id: 'g' },
  state: { type: 'state', key: 'k', value: 1 },
  model_called: { type: 'model_called', model: 'm', node: 'root', message_id: 'm' },
  model_used: { type: 'model_used', usage: {} },
  prefix_changed: { type: 'prefix_changed', cause: 'tools' },
  node_entered: { type: 'node_entered', path: 'root', node_type: 'agent' },
  node_left: { type: 'node_left', path: 'root', outcome: 'done' },
  run_state: { type: 'run_state', key: 'k', value: 1 },
} satisfies Record<Exclude<Entry['type'], 'journal' | 'child_started' | 'closed'>, Entry>;

const each = Object.entries<Entry>(entries);

describe('an entry', () => {
  test.each(each)('(%s) is the root’s where it names nobody', (_, entry) => {
    expect(ownerOf(entry)).toBeUndefined();
  });

  test.each(each)('(%s) can be a child’s, and is otherwise what it was', (_, entry) => {
    const owned = ownedBy('a', entry);
    expect(ownerOf(owned)).toBe('a');
    const without = JSON.parse(JSON.stringify(owned), (key, value: unknown) =>
      key === 'session_id' ? undefined : value,
    ) as Entry;
    expect(without).toEqual(entry);
    expect(ownerOf(entry)).toBeUndefined();
  });

  test.each<[string, Entry]>([
    ['more pieces', { type: 'pieces', of: 7, pieces: ['a'] }],
    ['its end', { type: 'closed', of: 7 }],
  ])('of a streamed message (%s) names the first piece, and so belongs to whoever that does', (_, entry) => {
    expect(ownedBy('a', entry)).toEqual(entry);
    expect(ownerOf(entry)).toBeUndefined();
  });

  test('that begins the journal is nobody’s but the root’s', () => {
    const entry: Entry = { type: 'journal', format: 1, session_id: 's' };
    expect([ownerOf(entry), ownedBy('a', entry)]).toEqual([undefined, entry]);
  });

  test('with which a child joins is that child’s', () => {
    expect(ownerOf({ type: 'child_started', session_id: 'a', parent_id: 's', agent_id: 'x' })).toBe('a');
  });
});
