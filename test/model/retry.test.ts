import { describe, expect, test } from 'vitest';
import type { ModelFailure } from '../../src/model/model-failure.ts';
import { nextTryMs } from '../../src/model/retry.ts';

const http = (status: number, rest: Partial<ModelFailure> = {}): ModelFailure => ({
  kind: 'http',
  status,
  text: '',
  ...rest,
});
const whole = () => 0;
const half = () => 1;

describe('what is retried', () => {
  test.each([408, 409, 429, 500, 502, 503, 529])('HTTP %i', (status) =>
    expect(nextTryMs(http(status), 1, whole)).toBe(500),
  );
  test.each([400, 401, 403, 404, 413, 422])('not HTTP %i', (status) =>
    expect(nextTryMs(http(status), 1, whole)).toBeUndefined(),
  );
  test.each(['connection', 'unfinished'] as const)('%s', (kind) =>
    expect(nextTryMs({ kind, text: '' }, 1, whole)).toBe(500),
  );
  test.each(['overflow', 'garbled', 'client', 'reported'] as const)('not %s', (kind) =>
    expect(nextTryMs({ kind, text: '' }, 1, whole)).toBeUndefined(),
  );
  test('an error reported with such a status', () =>
    expect(nextTryMs({ kind: 'reported', status: 503, text: '' }, 1, whole)).toBe(500));
  test('what the provider says of it wins', () => {
    expect(nextTryMs(http(429, { shouldRetry: false }), 1, whole)).toBeUndefined();
    expect(nextTryMs(http(400, { shouldRetry: true }), 1, whole)).toBe(500);
  });
  test('five tries, no more', () => {
    expect(nextTryMs(http(500), 4, whole)).toBeDefined();
    expect(nextTryMs(http(500), 5, whole)).toBeUndefined();
  });
});

describe('how long to wait', () => {
  test('twice as long each time, up to half of it taken away', () => {
    expect([1, 2, 3, 4].map((tries) => nextTryMs(http(500), tries, whole))).toEqual([500, 1_000, 2_000, 4_000]);
    expect([1, 2, 3, 4].map((tries) => nextTryMs(http(500), tries, half))).toEqual([250, 500, 1_000, 2_000]);
  });
  test('as long as the provider asks, a minute at most', () => {
    expect(nextTryMs(http(429, { retryAfterMs: 0 }), 1, whole)).toBe(0);
    expect(nextTryMs(http(429, { retryAfterMs: 60_000 }), 1, whole)).toBe(60_000);
    expect(nextTryMs(http(429, { retryAfterMs: 60_001 }), 1, whole)).toBeUndefined();
  });
});
