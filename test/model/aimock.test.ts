import { LLMock } from '@copilotkit/aimock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { MessageDraft } from '../../src/messages/assemble.ts';
import { callModel } from '../../src/model/call-model.ts';
import type { ModelStream } from '../../src/model/model.ts';
import { createOpenAI, drain } from './sse-server.ts';

async function createMock(): Promise<{ mock: LLMock; ask: (content: string) => ModelStream }> {
  const mock = await LLMock.create({ port: 0 });
  onTestFinished(async () => await mock.stop());
  const ask = (content: string) =>
    callModel(
      { messages: [JSON.stringify({ role: 'user', content })], parameters: { model: 'gpt-4o' } },
      {
        model: createOpenAI(`${mock.url}/v1`),
        signal: new AbortController().signal,
        clock: new ActiveClock(),
        deadlines: { stepMs: 10_000, firstChunkMs: 5_000, chunkMs: 5_000 },
        random: () => 1,
      },
    );
  return { mock, ask };
}

describe('against a mock written by others', () => {
  test('text and usage', async () => {
    const { mock, ask } = await createMock();
    mock.onMessage('hello', { content: 'Hi there, how are you?' });
    const { text, end } = await drain(ask('hello'));
    expect(text).toBe('Hi there, how are you?');
    expect(end).toMatchObject({ type: 'finished', finishReason: 'stop', usage: { prompt_tokens: expect.any(Number) } });
  });

  test('tool calls', async () => {
    const { mock, ask } = await createMock();
    mock.onMessage('weather', {
      toolCalls: [
        { name: 'get_weather', arguments: '{"city":"Berlin"}' },
        { name: 'get_time', arguments: '{}' },
      ],
    });
    const { pieces, end } = await drain(ask('weather'));
    const draft = new MessageDraft();
    for (const piece of pieces) draft.add(piece);
    expect(draft.toolCalls().map((call) => call.function)).toEqual([
      { name: 'get_weather', arguments: '{"city":"Berlin"}' },
      { name: 'get_time', arguments: '{}' },
    ]);
    expect(end).toMatchObject({ type: 'finished', finishReason: 'tool_calls' });
  });

  test('a server error, then an answer', async () => {
    const { mock, ask } = await createMock();
    mock.onMessage('hello', { content: 'Hi' });
    mock.nextRequestError(503, { message: 'overloaded' });
    expect(await drain(ask('hello'))).toMatchObject({ text: 'Hi', end: { type: 'finished' } });
    expect(mock.getRequests()).toHaveLength(2);
  });

  test('a stream cut off', async () => {
    const { mock, ask } = await createMock();
    mock.onMessage(
      'hello',
      { content: 'one two three four five six seven' },
      { truncateAfterChunks: 3, chunkSize: 4, latency: 20 },
    );
    const { text, end } = await drain(ask('hello'));
    expect(text).toMatch(/^one/);
    expect(end).toMatchObject({ type: 'failed', cut: 'stream-cut', error: { code: 'model-error' } });
  });

  test('chaos: malformed answers', async () => {
    const { mock, ask } = await createMock();
    mock.onMessage('hello', { content: 'Hi' }).setChaos({ malformedRate: 1 });
    expect((await drain(ask('hello'))).end).toMatchObject({ type: 'failed', error: { code: 'model-error' } });
  });
});
