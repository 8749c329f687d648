import { LLMock, type ChaosConfig } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

/** A mock of a provider, written by others, and a client that can tell us of each answer. */
async function createMock(onAnswer: (mock: LLMock) => void = () => {}) {
  const mock = await LLMock.create({ port: 0 });
  onTestFinished(async () => await mock.stop());
  const model = new OpenAI({
    apiKey: 'sk-test-0123456789',
    baseURL: `${mock.url}/v1`,
    logLevel: 'off',
    fetch: async (...request) => {
      try {
        return await fetch(...request);
      } finally {
        onAnswer(mock);
      }
    },
  });
  return { mock, model };
}

const toolManager = managerOf(echoTool());

describe('against a mock of a provider', () => {
  test('a run with a tool', async () => {
    await using house = await createHouse();
    const { mock, model } = await createMock();
    mock.onToolResult('call_echo', { content: 'It says hi' });
    mock.onMessage('Hello', { toolCalls: [{ id: 'call_echo', name: 'echo', arguments: '{"text":"hi"}' }] });
    const { outcome, text } = await record(house.run(model, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 2, callsWithoutUsage: 0 } });
    expect(text).toBe('It says hi');
    expect(callStatuses(await readSession(house.root, 's'))).toEqual(['success']);
  });

  test.each([
    ['broken off by the server', { truncateAfterChunks: 3, latency: 20, chunkSize: 4 }],
    ['disconnected', { disconnectAfterMs: 100, latency: 40, chunkSize: 4 }],
  ])('an answer that is %s', async (_, how) => {
    await using house = await createHouse();
    const { mock, model } = await createMock();
    mock.onMessage('Hello', { content: 'one two three four five six seven eight nine' }, how);
    const { outcome, text } = await record(house.run(model, { sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'model-error' });
    expect(text).toMatch(/^one/);
    expectAtRest(await readSession(house.root, 's'));
    expect(mock.getRequests()).toHaveLength(1);
  });
});

describe('chaos', () => {
  test.each<[string, ChaosConfig]>([
    ['requests dropped', { dropRate: 1 }],
    ['rate limits', { rateLimitRate: 1 }],
    ['disconnections', { disconnectRate: 1 }],
  ])('of %s that passes is lived through', async (_, chaos) => {
    await using house = await createHouse();
    const { mock, model } = await createMock((one) => void one.clearChaos());
    mock.onMessage('Hello', { content: 'Hi there' }).setChaos(chaos);
    const { outcome, text } = await record(house.run(model, { sessionId: 's' }));
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 1 } });
    expect(text).toBe('Hi there');
    expect(mock.getRequests().length).toBeGreaterThan(1);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('of malformed answers ends the run', async () => {
    await using house = await createHouse();
    const { mock, model } = await createMock();
    mock.onMessage('Hello', { content: 'Hi there' }).setChaos({ malformedRate: 1 });
    const { outcome } = await record(house.run(model, { sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'model-error' });
    expectAtRest(await readSession(house.root, 's'));
  });

  test('of latency runs into the deadline', async () => {
    await using house = await createHouse();
    const { mock, model } = await createMock();
    mock.onMessage('Hello', { content: 'Hi there' }).setChaos({ latencyMs: 5_000 });
    const { outcome } = await record(house.run(model, { deadlines: { firstChunkMs: 60 } }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'deadline' });
  });
});
