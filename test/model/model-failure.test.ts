import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isContextOverflow } from '../../src/model/context-overflow.ts';
import { maskSecrets } from '../../src/model/mask-secrets.ts';
import { toModelError } from '../../src/model/model-error.ts';
import { toModelFailure, unfinished } from '../../src/model/model-failure.ts';
import { ProviderReport } from '../../src/model/read-stream.ts';

const http = (status: number, error: unknown, headers: Record<string, string> = {}) =>
  Object.assign(new Error(`${status} failed`), { status, error, headers: new Headers(headers) });

describe('the facts of a failure', () => {
  test.each<[string, unknown, object]>([
    ['an HTTP error', http(500, { message: 'oops' }), { kind: 'http', status: 500, text: 'oops' }],
    ['an HTTP error without a report', http(502, undefined), { kind: 'http', status: 502, text: '502 failed' }],
    [
      'a report with a status',
      new ProviderReport({ message: 'busy', code: '503' }),
      { kind: 'reported', status: 503, text: 'busy' },
    ],
    ['a report without', new ProviderReport({ type: 'x' }), { kind: 'reported', text: '{"type":"x"}' }],
    ['a report in words', new ProviderReport('busy'), { kind: 'reported', text: 'busy' }],
    [
      'fetch',
      new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
      { kind: 'connection', text: 'refused' },
    ],
    ['a cut', new TypeError('terminated'), { kind: 'connection', text: 'terminated' }],
    ['a bug of a client', new TypeError('x is not a function'), { kind: 'client', text: 'x is not a function' }],
    [
      'a bug with a code of Node',
      Object.assign(new Error('bad'), { code: 'ERR_INVALID_ARG_TYPE' }),
      { kind: 'client' },
    ],
    ['a text', 'no', { kind: 'client', text: 'no' }],
    ['nothing', undefined, { kind: 'client' }],
  ])('%s', (_, thrown, facts) => expect(toModelFailure(thrown, [])).toMatchObject(facts));

  test.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j waits %s ms', (headers, ms) => expect(toModelFailure(http(429, {}, headers), []).retryAfterMs).toBe(ms));

  test('an HTTP date is counted from now', () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const { retryAfterMs } = toModelFailure(http(429, {}, { 'retry-after': date }), []);
    expect(retryAfterMs).toBeGreaterThan(15_000);
    expect(retryAfterMs).toBeLessThanOrEqual(20_000);
  });

  test('plain records of headers are read too', () => {
    const error = Object.assign(new Error('x'), { status: 429, headers: { 'retry-after': '2' } });
    expect(toModelFailure(error, []).retryAfterMs).toBe(2_000);
  });
});

describe('context overflow', () => {
  test.each([
    [400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens"],
    [400, '{"code":"context_length_exceeded"}'],
    [undefined, 'Context window exceeded'],
    [400, 'prompt is too long: 210000 tokens > 200000 maximum'],
    [422, 'Input length (9000) is too long'],
    [400, 'Range of input length should be [1, 30720]'],
    [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
    [500, 'the request exceeds the available context size'],
    [413, 'Request Entity Too Large'],
  ])('%s %s', (status, words) => expect(isContextOverflow(status, words)).toBe(true));

  test.each([
    [429, 'Rate limit reached: tokens per min (TPM) exceeded, maximum context length'],
    [
      413,
      'Request too large for model on tokens per minute (TPM): Limit 6000, Requested 9000, code rate_limit_exceeded',
    ],
    [400, 'max_tokens is too large: 100000. This model supports at most 16384 completion tokens'],
    [401, 'Your token has exceeded its life'],
    [500, 'token service: payload too large'],
    [400, 'temperature is too large'],
  ])('never %s %s', (status, words) => expect(isContextOverflow(status, words)).toBe(false));

  test('becomes an error of its own, with the cause', () => {
    const thrown = http(400, { message: 'too long', code: 'context_length_exceeded' });
    const error = toModelError(toModelFailure(thrown, []), 1);
    expect(error).toMatchObject({ code: 'context-overflow', facts: { status: 400 }, cause: thrown });
  });
});

describe('secrets', () => {
  test.each([
    ['Incorrect API key provided: sk-proj-abc_DEF123.', 'Incorrect API key provided: [secret].'],
    ['key sk-ab****************1234 is wrong', 'key [secret] is wrong'],
    ['Authorization: Bearer eyJhbGci.eyJz-_.x=, sorry', 'Authorization: Bearer [secret], sorry'],
    ['gsk_abcdef012345 and AIzaSyA0123456789abcdefg', '[secret] and [secret]'],
    ['my-own-key is refused', '[secret] is refused'],
    ['the risk-averse desk-lamp needs basic authentication', 'the risk-averse desk-lamp needs basic authentication'],
  ])('%s', (text, masked) => expect(maskSecrets(text, ['my-own-key'])).toBe(masked));

  test('are nowhere in the error, however deep one looks', () => {
    const thrown = http(401, { message: 'wrong key sk-live-0123456789', detail: { key: 'sk-live-0123456789' } });
    const error = toModelError(toModelFailure(thrown, []), 1);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('sk-live');
    const request = Object.assign(new Error('busy'), { config: { headers: { authorization: 'Bearer my-own-key-1' } } });
    expect(inspect(toModelFailure(request, []), { depth: 20 })).not.toContain('my-own-key');
    expect(error.message).toBe(
      "The model's provider answered with an error (HTTP 401): wrong key [secret]. Check apiKey and what it is allowed to use.",
    );
  });
});

test.each([
  [http(429, { message: 'slow down' }, { 'retry-after': '90' }), 1, 'slow down. Try again after 90000 ms.'],
  [http(404, { message: 'no model x' }), 1, 'no model x. Check modelConfig.model and baseUrl.'],
  [new TypeError('terminated'), 5, 'failed in 5 tries: terminated. Check baseUrl and the network, or try again later.'],
])('the message says what to do next (%#)', (thrown, attempts, ending) => {
  expect(toModelError(toModelFailure(thrown, []), attempts).message).toContain(ending);
});

test('a stream that never ends properly says so', () => {
  expect(toModelError(unfinished, 5).message).toBe(
    "The model's answer broke off in 5 tries: the stream ended without a finish_reason. Try again later.",
  );
});
