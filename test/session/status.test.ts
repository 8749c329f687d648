import { describe, expect, test } from 'vitest';
import type { Entry, RunEnded, RunStarted } from '../../src/session/entry.ts';
import { foldRun, statusOf, type LastRun } from '../../src/session/status.ts';

const prefix = { system: 's', tools: 't' };

function started(run_id: string, attempt = 1): RunStarted {
  return { type: 'run_started', run_id, agent_mode: 'simple', flow: 'f', attempt, prefix };
}

function ended(status: RunEnded['status']): RunEnded {
  return { type: 'run_ended', run_id: 'r', status, reason: 'done', phase: 'closing' };
}

function fold(...entries: readonly Entry[]): LastRun | undefined {
  return entries.reduce<LastRun | undefined>((last, entry, at) => foldRun(last, entry, at), undefined);
}

const asked: Entry = { type: 'model_called', model: 'm', node: 'root/steps/1', message_id: 'm' };
const usage = { prompt_tokens: 10, completion_tokens: 2 };
const worked: readonly Entry[] = [
  asked,
  { type: 'model_used', usage },
  { type: 'intents', message_id: 'm', calls: [0, 1] },
  { type: 'node_entered', path: 'root', node_type: 'sequence' },
  { type: 'node_entered', path: 'root/steps/1', node_type: 'agent', agent_key: 'simple' },
  { type: 'run_state', key: 'approved', value: true },
  { type: 'node_left', path: 'root/steps/1', outcome: 'done' },
];

describe('the last run of a journal', () => {
  test('counts its model calls, tool calls and tokens, and knows its nodes', () => {
    expect(fold(started('r'), ...worked)).toEqual({
      runId: 'r',
      agentMode: 'simple',
      wishes: {},
      flow: 'f',
      attempt: 1,
      prefix,
      startedAt: 0,
      steps: 1,
      toolCalls: 2,
      usage: {
        calls: 1,
        callsWithoutUsage: 0,
        inputTokens: 10,
        cachedInputTokens: 0,
        outputTokens: 2,
        reasoningTokens: 0,
      },
      trace: expect.anything(),
      state: new Map([['approved', true]]),
      replies: new Map([['root/steps/1', 'm']]),
      helperReplies: new Map(),
    });
  });

  test('goes on counting when it is tried again', () => {
    const last = fold(started('r'), ...worked, started('r', 2), asked);
    expect(last).toMatchObject({
      attempt: 2,
      steps: 2,
      toolCalls: 2,
      startedAt: 8,
      usage: { calls: 2, callsWithoutUsage: 1 },
    });
    expect(last?.trace.list()).toMatchObject([
      { path: 'root', node_type: 'sequence', entered_at: 4 },
      { path: 'root/steps/1', agent_key: 'simple', outcome: 'done', left_at: 7 },
    ]);
  });

  test('begins from nothing when it is another one', () => {
    const last = fold(started('r'), ...worked, ended('completed'), started('r2'));
    expect(last).toMatchObject({ runId: 'r2', steps: 0, toolCalls: 0, usage: { calls: 0 }, replies: new Map() });
    expect(last?.ended).toBeUndefined();
    expect(last?.trace.list()).toEqual([]);
  });

  test('is none while nothing has run', () => {
    expect(fold(...worked)).toBeUndefined();
  });
});

describe('the status of a session', () => {
  test.each<[string, LastRun | undefined, boolean, string]>([
    ['without a run', undefined, false, 'idle'],
    ['whose run has a living owner', fold(started('r')), true, 'running'],
    ['whose owner has died', fold(started('r')), false, 'interrupted'],
    ['whose run completed', fold(started('r'), ended('completed')), false, 'completed'],
    ['whose run waits', fold(started('r'), ended('waiting')), false, 'waiting'],
    ['whose run failed, while its owner lives', fold(started('r'), ended('failed')), true, 'failed'],
  ])('%s is told', (_, last, hasLivingOwner, status) => {
    expect(statusOf(last, hasLivingOwner)).toBe(status);
  });
});
