import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/runtime/options/run-options.ts';
import { mustBelongTo, planStart, type StartFacts } from '../../../src/runtime/start-run.ts';
import type { Entry, JournalStarted, RunEnded } from '../../../src/session/entry.ts';
import { countingIds } from '../../../src/testing/fixed.ts';
import { added, callers, openSession, user } from '../../session/helpers.ts';
import { checked } from './helpers.ts';

const prefix = { system: 's', tools: 't' };
const journal: JournalStarted = { type: 'journal', format: 1, session_id: 's' };
const ended: RunEnded = { type: 'run_ended', run_id: 'old', status: 'completed', reason: 'done', phase: 'closing' };
const started = (attempt = 1): Entry => ({
  type: 'run_started',
  run_id: 'old',
  agent_mode: 'simple',
  flow: 'f',
  attempt,
  prefix,
});

/** The start of a run on a session that holds these entries. */
function plan(stored: readonly Entry[], options: Partial<RunOptions> = {}, more: Partial<StartFacts> = {}) {
  const { session, state } = openSession();
  session.append(stored);
  const facts = {
    options: checked(options),
    runId: 'new',
    flow: 'f',
    asked: { agentMode: 'simple', thinking: undefined, plan: false, moreSuggest: false, forceSummary: false },
    prefix,
    createId: countingIds(),
    now: 0,
    ...more,
  };
  const { runId, entries } = planStart(state, facts);
  return { runId, entries, types: entries.map(({ type }) => type) };
}

const goOn = { inputMessages: [] };

describe('new input', () => {
  test('begins a journal, which keeps tenant and user, then a run', () => {
    const { runId, entries } = plan([], { tenantId: 't', userId: 'u' });
    expect(runId).toBe('new');
    expect(entries).toMatchObject([
      { ...journal, tenant_id: 't', user_id: 'u' },
      { type: 'run_started', run_id: 'new', agent_mode: 'simple', flow: 'f', attempt: 1, prefix },
      { type: 'message', message: { content: 'Hi' }, context: expect.stringContaining('1970-01-01') },
    ]);
  });

  test('begins another run on a session at rest', () => {
    expect(plan([journal, started(), ended]).types).toEqual(['run_started', 'message']);
  });

  test('ends a run that crashed, and everything it left open', () => {
    const open = [
      journal,
      started(),
      added(callers('m', ['look'])),
      { type: 'intents', message_id: 'm', calls: [0] } as const,
    ];
    const { entries, types } = plan(open);
    expect(types).toEqual(['message', 'run_ended', 'run_started', 'message']);
    expect(entries[0]).toMatchObject({ call: ['m', 0], message: { metadata: { tool_execution_status: 'unknown' } } });
    expect(entries[1]).toEqual({
      type: 'run_ended',
      run_id: 'old',
      status: 'interrupted',
      reason: 'crashed',
      phase: 'tools',
    });
  });

  test('notes that the next request begins with other bytes, and why', () => {
    const other = { prefix: { system: 'other', tools: 't' } };
    expect(plan([journal, started(), ended], {}, other).entries[1]).toEqual({
      type: 'prefix_changed',
      cause: 'system',
    });
    const replacing: Partial<RunOptions> = { inputMessages: [{ role: 'user', content: 'Hello', message_id: 'u' }] };
    const { entries } = plan([journal, started(), added(user('u', 'Hi')), ended], replacing);
    expect(entries.slice(1)).toEqual([
      { type: 'replaced', message_id: 'u', content: 'Hello' },
      { type: 'prefix_changed', cause: 'replaced-message' },
    ]);
  });
});

describe('no input', () => {
  const drafted: Entry = {
    type: 'pieces',
    header: { role: 'assistant', message_id: 'm', agent_name: 'simple' },
    pieces: ['Hel'],
  };

  test('continues a run that crashed: the same run, one attempt more, its cut message closed', () => {
    const { runId, entries } = plan([journal, started(2), drafted], goOn);
    expect(runId).toBe('old');
    expect(entries).toEqual([
      { type: 'closed', of: 3, metadata: { incomplete: 'crashed' } },
      { type: 'run_started', run_id: 'old', agent_mode: 'simple', flow: 'f', attempt: 3, prefix },
    ]);
  });

  test('leaves open calls to the agent that made them', () => {
    expect(plan([journal, started(), added(callers('m', ['look']))], goOn).types).toEqual(['run_started']);
  });

  test('does not continue a run on another flow', () => {
    const refusal = expect.objectContaining({ code: 'flow-changed', facts: { sessionId: 's', runId: 'old' } });
    expect(() => plan([journal, started()], goOn, { flow: 'other' })).toThrow(refusal);
  });

  test('delivers guidance that is pending', () => {
    const guided: Entry = { type: 'guidance_queued', guidance_id: 'g', content: 'x' };
    expect(plan([journal, started(), ended, guided], goOn)).toMatchObject({ runId: 'new', types: ['run_started'] });
  });

  test.each<[string, Entry[], string]>([
    ['to a session at rest', [journal, started(), ended], 'its last run has ended and no guidance is pending'],
    ['to a run that has crashed three times', [journal, started(3)], 'its run has crashed 3 times'],
  ])('is nothing to do %s', (_, stored, why) => {
    expect(() => plan(stored, goOn)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        facts: expect.objectContaining({ option: 'inputMessages' }),
        message: expect.stringContaining(why),
      }),
    );
  });
});

describe('a session', () => {
  const own: JournalStarted = { ...journal, tenant_id: 't' };
  const ask = (start: readonly JournalStarted[], tenantId: string | undefined) => () => {
    const { session, state } = openSession();
    session.append(start);
    mustBelongTo(state, tenantId);
  };

  test.each<[string, JournalStarted[], string | undefined]>([
    ['that is new belongs to anybody', [], 't'],
    ['of a tenant belongs to that tenant', [own], 't'],
    ['of a tenant belongs to the host', [own], undefined],
  ])('%s', (_, start, tenantId) => {
    expect(ask(start, tenantId)).not.toThrow();
  });

  test.each<[string, JournalStarted[]]>([
    ['of another tenant', [own]],
    ['of no tenant', [journal]],
  ])('%s does not exist for a tenant', (_, start) => {
    const unknown = expect.objectContaining({ code: 'session-not-found', facts: { sessionId: 's' } });
    expect(ask(start, 'other')).toThrow(unknown);
  });
});
