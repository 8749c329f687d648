import { describe, expect, test } from 'vitest';
import { SageError } from '../../../src/errors.ts';
import { noUsage } from '../../../src/messages/usage.ts';
import { judge, lastWords, toRunEnded, type WorkEnd } from '../../../src/runtime/close-run.ts';
import { statusOfReason } from '../../../src/runtime/run-outcome.ts';
import { countingIds } from '../../../src/testing/fixed.ts';

const failed = (error: SageError): WorkEnd => ({ type: 'outcome', outcome: { type: 'failed', error } });
const outcome = (type: 'done' | 'max-loops' | 'loop-detected' | 'budget'): WorkEnd => ({
  type: 'outcome',
  outcome: { type },
});
const ends: [string, WorkEnd, reason: string, status: string, code?: string][] = [
  ['done', outcome('done'), 'done', 'completed'],
  ['out of steps', outcome('max-loops'), 'max-loops', 'completed'],
  ['in a circle', outcome('loop-detected'), 'loop-detected', 'completed'],
  ['out of budget', outcome('budget'), 'budget', 'failed', 'budget'],
  ['aborted', { type: 'stopped', reason: 'aborted' }, 'aborted', 'interrupted'],
  ['left by its reader', { type: 'stopped', reason: 'reader-gone' }, 'reader-gone', 'interrupted'],
  ['interrupted', { type: 'stopped', reason: 'interrupted' }, 'interrupted', 'interrupted'],
  ['out of time', { type: 'stopped', reason: 'deadline' }, 'deadline', 'interrupted', 'deadline'],
  ['with a bug', { type: 'bug' }, 'internal', 'failed', 'internal'],
  [
    'without a model',
    failed(new SageError('model-error', 'No.', { attempts: 1 })),
    'model-error',
    'failed',
    'model-error',
  ],
  [
    'with a full context',
    failed(new SageError('context-overflow', 'No.', {})),
    'context-overflow',
    'failed',
    'context-overflow',
  ],
  [
    'in a silence',
    failed(new SageError('deadline', 'No.', { deadline: 'chunkMs', ms: 1 })),
    'deadline',
    'interrupted',
    'deadline',
  ],
  ['without a sandbox', failed(new SageError('sandbox-error', 'No.', {})), 'sandbox-error', 'failed', 'sandbox-error'],
  [
    'where no sandbox can be',
    failed(new SageError('sandbox-unavailable', 'No.', { sandboxType: 'local' })),
    'sandbox-error',
    'failed',
    'sandbox-unavailable',
  ],
];

describe('a run that ends', () => {
  test.each(ends)('%s is judged', (...[, end, reason, status, code]) => {
    const verdict = judge(end);
    expect([verdict.reason, statusOfReason[verdict.reason], verdict.error?.code]).toEqual([reason, status, code]);
  });

  test('with a bug does not tell its readers which', () => {
    expect(judge({ type: 'bug' }).error?.message).toBe(
      'The run failed inside the program that hosts it. What it had done so far is kept.',
    );
  });
});

describe('the last words of a run', () => {
  const usage = { ...noUsage, calls: 2, callsWithoutUsage: 1, inputTokens: 10, cachedInputTokens: 8, outputTokens: 2 };

  test('are what it used', () => {
    expect(lastWords({ reason: 'done' }, usage, countingIds())).toEqual([
      {
        type: 'message',
        message: {
          role: 'assistant',
          content: '',
          message_id: 'id-1',
          message_type: 'token_usage',
          metadata: {
            token_usage: {
              calls: 2,
              calls_without_usage: 1,
              input_tokens: 10,
              cached_input_tokens: 8,
              output_tokens: 2,
              reasoning_tokens: 0,
            },
          },
        },
      },
    ]);
  });

  test('begin with what went wrong', () => {
    const error = { code: 'model-error', message: 'The model is gone.' };
    const entries = lastWords({ reason: 'model-error', error }, usage, countingIds());
    expect(entries.map(({ type }) => type)).toEqual(['message', 'message']);
    expect(entries[0]).toMatchObject({
      message: { message_type: 'error', content: 'The model is gone.', error_info: error },
    });
  });

  test('are followed by its end, with what a child is to tell its parent', () => {
    const facts = { runId: 'r', phase: 'model' } as const;
    const ended = { type: 'run_ended', run_id: 'r', status: 'interrupted', reason: 'interrupted', phase: 'model' };
    const verdict = { reason: 'interrupted', note: 'Enough.' } as const;
    expect(toRunEnded(verdict, facts)).toEqual({ ...ended, note: 'Enough.' });
    const result = { status: 'interrupted', text: 'So far.' } as const;
    expect(toRunEnded(verdict, { ...facts, result })).toEqual({ ...ended, note: 'Enough.', result });
  });
});
