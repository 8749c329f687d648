import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, event, fail, serve, stream, type Answer } from '../../model/sse-server.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { plain, sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';

const soon = { 'retry-after-ms': '15' };

describe('a failure that passes', () => {
  test.each<[string, Answer]>([
    ['429 with retry-after-ms', fail(429, { message: 'Slow down.' }, soon)],
    ['429 with Retry-After', fail(429, { message: 'Slow down.' }, { 'retry-after': '0' })],
    ['500', fail(500, { message: 'Oops.' }, soon)],
    ['503', fail(503, { message: 'Busy.' }, soon)],
    ['408', fail(408, { message: 'Late.' }, soon)],
    ['an empty 200', stream()],
    ['an error as its first event', stream(event({ error: { message: 'Overloaded.', code: 503 } }))],
  ])('(%s) is tried again, with the same bytes, as one call', async (_, failure) => {
    await using house = await createHouse();
    await using server = await serve(failure, sayDone);
    const { outcome, text, chunks } = await record(house.run(createOpenAI(server.url), { sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done', usage: { calls: 1, callsWithoutUsage: 0 } });
    expect(text).toBe('Done');
    expect(chunks.map(({ message_type }) => message_type)).not.toContain('error');
    expect(server.bodies).toHaveLength(2);
    expect(server.bodies[1]).toBe(server.bodies[0]);
  });

  test('waits for as long as the provider asks', async () => {
    await using house = await createHouse();
    await using server = await serve(fail(429, { message: 'Slow down.' }, { 'retry-after-ms': '300' }), sayDone);
    const started = performance.now();
    await record(house.run(createOpenAI(server.url)));
    expect(performance.now() - started).toBeGreaterThanOrEqual(299);
  });
});

describe('a failure that stays', () => {
  test.each<[string, Answer, number, string, RegExp]>([
    ['503, five times', fail(503, { message: 'Busy.' }, soon), 5, 'model-error', /503.* in 5 tries: Busy\./],
    [
      '429 that asks for an hour',
      fail(429, { message: 'Quota.' }, { 'retry-after': '3600' }),
      1,
      'model-error',
      /3600000 ms/,
    ],
    ['401', fail(401, { message: 'Wrong key.' }), 1, 'model-error', /401.*Check apiKey/],
    ['404', fail(404, { message: 'No such model.' }), 1, 'model-error', /404.*Check modelConfig\.model/],
    ['400', fail(400, { message: 'Bad.' }), 1, 'model-error', /400.*Bad\./],
    ['garbage', stream('data: not json\n\n'), 1, 'model-error', /OpenAI-compatible/],
    ['a web page', plain(200, 'text/html', '<h1>Hi</h1>'), 1, 'model-error', /web page/],
    [
      'a context overflow',
      fail(400, { message: "This model's maximum context length is 8 tokens.", code: 'context_length_exceeded' }),
      1,
      'context-overflow',
      /maximum context length/,
    ],
    ['a request too large', fail(413, { message: 'Too large.' }), 1, 'context-overflow', /413/],
  ])('(%s) ends the run', async (_, failure, requests, reason, message) => {
    await using house = await createHouse();
    await using server = await serve(failure);
    const { outcome, chunks } = await record(house.run(createOpenAI(server.url), { sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'failed', reason, phase: 'model', error: { code: reason } });
    expect(outcome.error?.message).toMatch(message);
    expect(server.bodies).toHaveLength(requests);
    expect(chunks.map(({ message_type }) => message_type)).toEqual(['error', 'token_usage']);
    expect(chunks[0]).toMatchObject({ role: 'assistant', content: outcome.error?.message, error_info: outcome.error });
    expectAtRest(await readSession(house.root, 's'));
  });

  test('is never shown to a model', async () => {
    await using house = await createHouse();
    await using server = await serve(fail(400, { message: 'Bad.' }), sayDone);
    const model = createOpenAI(server.url);
    await record(house.run(model, { sessionId: 's' }));
    await record(house.run(model, { sessionId: 's' }));
    expect(server.bodies[1]).not.toContain('Bad.');
  });
});
