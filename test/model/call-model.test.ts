import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ChatModel } from '../../src/model/model.ts';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { call, done, drain, event, fail, finish, hello, serve, stall, stream, text, usage } from './sse-server.ts';

const finished = { type: 'finished', finishReason: 'stop', usage: { prompt_tokens: 3, completion_tokens: 2 } };
const failed = (code: string, facts: object = {}) => ({
  type: 'failed',
  error: expect.objectContaining({ code, facts: expect.objectContaining(facts) }),
});
const soon = { 'retry-after-ms': '1' };

describe('an answer', () => {
  test('is yielded piece by piece, and told by its end', async () => {
    await using server = await serve(hello);
    const { pieces, end } = await drain(call(server));
    expect(pieces).toEqual([{ content: 'Hel' }, { content: 'lo' }]);
    expect(end).toEqual(finished);
    expect(JSON.parse(server.bodies[0] ?? '')).toEqual({
      model: 'test-model',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('without text is an answer too', async () => {
    await using server = await serve(stream(finish(), done));
    expect(await drain(call(server))).toEqual({
      pieces: [],
      text: '',
      end: { type: 'finished', finishReason: 'stop' },
    });
  });

  test('that has told its finish reason is whole, whatever comes after', async () => {
    await using server = await serve((response) => {
      stall(text('Hi'), finish())(response, undefined as never);
      setImmediate(() => response.destroy());
    });
    expect(await drain(call(server))).toMatchObject({ text: 'Hi', end: { type: 'finished' } });
  });

  test('is done soon after [DONE], though the server keeps the connection open', async () => {
    await using server = await serve(stall(text('Hello'), finish(), usage, done));
    const started = performance.now();
    expect(await drain(call(server))).toMatchObject({ text: 'Hello', end: finished });
    expect(performance.now() - started).toBeLessThan(2_000);
    await server.closed(0);
  });

  test('that is not streamed is read as one', async () => {
    await using server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }));
    });
    expect(await drain(call(server))).toMatchObject({ text: 'Hello', end: { type: 'finished' } });
  });

  test('leaves the connection to the next: 20 requests, 2 sockets at most', async () => {
    await using server = await serve(hello);
    for (let n = 0; n < 20; n++) expect((await drain(call(server))).end).toEqual(finished);
    expect(server.bodies).toHaveLength(20);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('an answer that breaks off', () => {
  test('mid-stream: what was streamed is kept, and the cut is told', async () => {
    await using server = await serve((response) => {
      stall(text('Hel'))(response, undefined as never);
      setImmediate(() => response.destroy());
    });
    const answer = await drain(call(server));
    expect(answer).toMatchObject({
      text: 'Hel',
      end: { ...failed('model-error', { attempts: 1 }), cut: 'stream-cut' },
    });
    expect(server.bodies).toHaveLength(1);
  });

  test('with a clean end but no finish reason: cut as well', async () => {
    await using server = await serve(stream(text('Hel'), usage));
    const { end } = await drain(call(server));
    expect(end).toEqual({ ...failed('model-error'), cut: 'stream-cut', usage: finished.usage });
  });

  test('with an error of the provider: its words are told, without the key they repeat', async () => {
    await using server = await serve(
      stream(text('Hel'), event({ error: { message: 'overloaded, sk-live-abcdef0123', code: 529 } })),
    );
    const { end } = await drain(call(server));
    expect(end).toMatchObject({ ...failed('model-error', { status: 529 }), cut: 'stream-cut' });
    expect(end).toHaveProperty('error.message', expect.stringContaining('overloaded, [secret]'));
  });

  test('with something that is no chunk: cut', async () => {
    await using server = await serve(stream(text('Hel'), event('{"choices"')));
    expect((await drain(call(server))).end).toMatchObject({ ...failed('model-error'), cut: 'stream-cut' });
  });
});

describe('a request that fails', () => {
  test.each([
    ['429 with Retry-After', fail(429, { message: 'slow down' }, soon)],
    ['500', fail(500, { message: 'oops' }, soon)],
    ['408', fail(408, { message: 'late' }, soon)],
    ['an error with a status inside the stream', stream(event({ error: { message: 'busy', code: 503 } }))],
    ['an empty answer', stream()],
    ['a stream that ends before it began', stream(': ping\n\n', done)],
    ['a connection that is closed', (response: { destroy(): void }) => response.destroy()],
  ])('is sent again after %s', async (_, first) => {
    await using server = await serve(first, hello);
    expect(await drain(call(server))).toMatchObject({ text: 'Hello', end: finished });
    expect(server.bodies[1]).toBe(server.bodies[0]);
  });

  test('is given up after five tries', async () => {
    await using server = await serve(fail(503, { message: 'down' }, soon));
    const { end } = await drain(call(server));
    expect(end).toEqual(failed('model-error', { status: 503, attempts: 5 }));
    expect(server.bodies).toHaveLength(5);
  });

  test('fails at once when it should wait for longer than a minute', async () => {
    await using server = await serve(fail(429, { message: 'come back tomorrow' }, { 'retry-after': '3600' }));
    expect((await drain(call(server))).end).toEqual(
      failed('model-error', { status: 429, attempts: 1, retryAfterMs: 3_600_000 }),
    );
  });

  test.each([
    [401, { message: 'Incorrect API key provided: sk-test-0123456789.' }, 'model-error'],
    [
      400,
      { message: "This model's maximum context length is 8192 tokens", code: 'context_length_exceeded' },
      'context-overflow',
    ],
    [404, { message: 'no such model' }, 'model-error'],
  ])('fails at once with HTTP %i', async (status, error, code) => {
    await using server = await serve(fail(status, error));
    const { end } = await drain(call(server));
    expect(end).toEqual(failed(code, { status }));
    expect(JSON.stringify([end, String((end as { error: Error }).error.cause)])).not.toContain('0123456789');
    expect(server.bodies).toHaveLength(1);
  });

  test('fails at once when a web page answers', async () => {
    await using server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Sign in</html>');
    });
    const { end } = await drain(call(server));
    expect(end).toEqual(failed('model-error', { attempts: 1 }));
    expect(end).toHaveProperty('error.message', expect.stringContaining('baseUrl'));
  });
});

describe('deadlines', () => {
  test('before the first byte: firstChunkMs, and no second try', async () => {
    await using server = await serve(() => {});
    const { end } = await drain(call(server, { deadlines: { firstChunkMs: 30 } }));
    expect(end).toEqual(failed('deadline', { deadline: 'firstChunkMs', ms: 30 }));
    expect(server.bodies).toHaveLength(1);
    await server.closed(0);
  });

  test('mid-stream: chunkMs, and comments do not count', async () => {
    let comments: NodeJS.Timeout | undefined;
    await using server = await serve((response) => {
      stall(text('Hel'))(response, undefined as never);
      comments = setInterval(() => response.write(': ping\n\n'), 5);
    });
    const { end, text: streamed } = await drain(call(server, { deadlines: { chunkMs: 60 } }));
    clearInterval(comments);
    expect(streamed).toBe('Hel');
    expect(end).toEqual({ ...failed('deadline', { deadline: 'chunkMs', ms: 60 }), cut: 'deadline' });
    await server.closed(0);
  });

  test('over all tries: stepMs', async () => {
    await using server = await serve(fail(429, { message: 'slow down' }, { 'retry-after': '30' }));
    const { end } = await drain(call(server, { deadlines: { stepMs: 50 } }));
    expect(end).toEqual(failed('deadline', { deadline: 'stepMs', ms: 50 }));
  });

  test('sleep while the reader holds a batch', async () => {
    await using server = await serve(async (response) => {
      stall(text('Hel'))(response, undefined as never);
      await holding;
      response.end(text('lo') + finish() + usage + done);
    });
    let release = () => {};
    const holding = new Promise<void>((resolve) => (release = resolve));
    const clock = new ActiveClock();
    const answer = call(server, { clock, deadlines: { stepMs: 200, chunkMs: 200 } });
    expect((await answer.next()).value).toEqual([{ content: 'Hel' }]);
    clock.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.resume();
    release();
    expect(await drain(answer)).toMatchObject({ text: 'lo', end: finished });
  });

  test('do not strike when the answer lies in the socket of a blocked event loop', async () => {
    let finishAnswer = () => {};
    await using server = await serve((response) => {
      stall(text('Hel'))(response, undefined as never);
      finishAnswer = () => response.end(text('lo') + finish() + usage + done);
    });
    const answer = call(server, { deadlines: { chunkMs: 50 } });
    await answer.next();
    const rest = drain(answer);
    await new Promise((resolve) => setImmediate(resolve));
    finishAnswer();
    const until = performance.now() + 100;
    while (performance.now() < until);
    expect(await rest).toMatchObject({ text: 'lo', end: finished });
  });

  test('of silence do not strike while nobody reads', async () => {
    let finishAnswer = () => {};
    await using server = await serve((response) => {
      stall(text('Hel'))(response, undefined as never);
      finishAnswer = () => response.end(text('lo') + finish() + usage + done);
    });
    const answer = call(server, { deadlines: { chunkMs: 100 } });
    await answer.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    finishAnswer();
    expect((await drain(answer)).end).toEqual(finished);
  });

  test('for the first piece are not moved by chunks without one', async () => {
    let chunks: NodeJS.Timeout | undefined;
    await using server = await serve((response) => {
      stall()(response, undefined as never);
      chunks = setInterval(() => response.write(event({ choices: [{ delta: { role: 'assistant' } }] })), 5);
    });
    const { end } = await drain(call(server, { deadlines: { firstChunkMs: 60 } }));
    clearInterval(chunks);
    expect(end).toEqual(failed('deadline', { deadline: 'firstChunkMs' }));
  });
});

describe('the reader leaves early', () => {
  test('and the connection is closed', async () => {
    await using server = await serve(stall(text('Hel')));
    const { signal } = new AbortController();
    for await (const pieces of call(server, { signal })) {
      expect(pieces).toEqual([{ content: 'Hel' }]);
      break;
    }
    await server.closed(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('and a client whose iterator is deaf is told by its signal', async () => {
    await using server = await serve(hello);
    let told: AbortSignal | undefined;
    const chunks = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: { choices: [{ delta: { content: 'Hel' } }] } }),
        return: () => new Promise<never>(() => {}),
      }),
    };
    const create: ChatModel['chat']['completions']['create'] = async (_, { signal }) => {
      told = signal;
      return chunks;
    };
    for await (const _ of call(server, { model: { chat: { completions: { create } } } })) break;
    expect(told?.aborted).toBe(true);
  });

  test('by an error thrown into the stream, and gets it back', async () => {
    await using server = await serve(stall(text('Hel')));
    const answer = call(server);
    await answer.next();
    await expect(answer.throw(new Error('mine'))).rejects.toThrow('mine');
    await server.closed(0);
  });
});
