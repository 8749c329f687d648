import { describe, expect, test, vi } from 'vitest';
import { isSageError, messageOf, SageError } from '../src/errors.ts';

const cause = new Error('The disk is full.');
const error = new SageError('store-failed', 'Nothing was stored.', { sessionId: 's', operation: 'append' }, { cause });

describe('a SageError', () => {
  test('is an error with a code, facts, and its cause', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'SageError',
      code: 'store-failed',
      message: 'Nothing was stored.',
      facts: { sessionId: 's', operation: 'append' },
      cause,
    });
  });

  test('is recognised, and by its code', () => {
    expect([isSageError(error), isSageError(error, 'store-failed'), isSageError(error, 'session-lost')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('is recognised across copies of the package', async () => {
    vi.resetModules();
    const copy = await import('../src/errors.ts');
    expect(copy.SageError).not.toBe(SageError);
    const foreign = new copy.SageError('session-busy', 'Busy.', { sessionId: 's' });
    expect(foreign instanceof SageError).toBe(false);
    expect([isSageError(foreign, 'session-busy'), copy.isSageError(error, 'store-failed')]).toEqual([true, true]);
  });

  test.each([[cause], [{ code: 'store-failed' }], ['store-failed'], [null], [undefined]])('is not %o', (value) => {
    expect(isSageError(value)).toBe(false);
  });
});

test.each([
  [cause, 'The disk is full.'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [{ toString: (): string => 'mine' }, 'mine'],
])('the message of %o is %j', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
