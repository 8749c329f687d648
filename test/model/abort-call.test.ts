import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ChatModel } from '../../src/model/model.ts';
import { call, drain, fail, hello, serve, stall, text, type Answer } from './sse-server.ts';

const aborted = { type: 'aborted' };

describe('aborting a call', () => {
  test('before it began: nothing is sent', async () => {
    await using server = await serve(hello);
    expect(await drain(call(server, { signal: AbortSignal.abort() }))).toEqual({ pieces: [], text: '', end: aborted });
    expect(server.bodies).toEqual([]);
  });

  test.each<[string, Answer, string]>([
    ['before the first byte', () => {}, ''],
    ['before the first piece', stall(), ''],
    ['mid-text', stall(text('Hel')), 'Hel'],
    ['in the wait before another try', fail(429, { message: 'slow down' }, { 'retry-after': '30' }), ''],
  ])('%s ends it at once', async (_, answer, streamed) => {
    const controller = new AbortController();
    await using server = await serve((response, request) => {
      void answer(response, request);
      setTimeout(() => controller.abort(), 30);
    });
    const { text: shown, end } = await drain(call(server, { signal: controller.signal }));
    expect(shown).toBe(streamed);
    expect(end).toEqual(aborted);
    expect(server.bodies).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('while the reader holds a batch closes the connection at once, and the next pull tells', async () => {
    await using server = await serve(stall(text('Hel')));
    const controller = new AbortController();
    const answer = call(server, { signal: controller.signal });
    await answer.next();
    controller.abort();
    await server.closed(0);
    expect(await answer.next()).toEqual({ done: true, value: aborted });
  });
});

describe('aborting a call of a client that is deaf to signals', () => {
  const deafTo = (answer: unknown, late?: () => void): ChatModel => ({
    chat: { completions: { create: async () => ((await answer) as { late?: unknown }) && (late?.(), answer) } },
  });
  const hang = new Promise<never>(() => {});

  const callDeaf = async (model: ChatModel) => {
    await using server = await serve(hello);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    return await drain(call(server, { model, signal: controller.signal }));
  };

  test('while it connects', async () => {
    expect((await callDeaf(deafTo(hang))).end).toEqual(aborted);
  });

  test('while it streams, though its return() hangs as well', async () => {
    let closed = 0;
    const chunk = { choices: [{ delta: { content: 'Hel' } }] };
    let next = () => Promise.resolve({ done: false, value: chunk });
    const chunks = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const result = next();
          next = () => hang;
          return result;
        },
        return: () => {
          closed += 1;
          return hang;
        },
      }),
    };
    expect(await callDeaf(deafTo(chunks))).toMatchObject({ text: 'Hel', end: aborted });
    expect(closed).toBe(1);
  });

  test('an answer that comes after the abort is closed', async () => {
    let closed = false;
    let bring = (_answer: unknown) => {};
    const answer = new Promise((resolve) => (bring = resolve));
    const model: ChatModel = { chat: { completions: { create: () => answer } } };
    expect((await callDeaf(model)).end).toEqual(aborted);
    bring(
      new Response(
        new ReadableStream({
          cancel() {
            closed = true;
          },
        }),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });
});
