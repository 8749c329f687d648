import { expect, test } from 'vitest';
import { withCredentials } from '../../src/model/client.ts';
import { call, createOpenAI, drain, hello, serve } from './sse-server.ts';

test('another key and address reach the provider, and the client stays as it was', async () => {
  await using server = await serve((response, request) => {
    expect(request.headers.authorization).toBe('Bearer sk-other');
    hello(response, request);
  });
  const client = createOpenAI('http://127.0.0.1:1/v1');
  const model = withCredentials(client, { apiKey: 'sk-other', baseUrl: server.url });
  expect((await drain(call(server, { model }))).text).toBe('Hello');
  expect(client.apiKey).toBe('sk-test-0123456789');
});

test('one of the two leaves the other as it is', () => {
  const client = createOpenAI('http://127.0.0.1:1/v1');
  expect(withCredentials(client, { apiKey: 'sk-other' })).toMatchObject({
    baseURL: client.baseURL,
    apiKey: 'sk-other',
  });
  expect(withCredentials(client, { baseUrl: 'http://x/v1' })).toMatchObject({
    baseURL: 'http://x/v1',
    apiKey: client.apiKey,
  });
  expect(withCredentials(client, {})).toBe(client);
});

test('a client that cannot take them refuses them, without repeating the key', () => {
  const model = { chat: { completions: { create: async () => undefined } } };
  const refused = () => withCredentials(model, { apiKey: 'sk-secret-1234' });
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      facts: expect.objectContaining({ option: 'modelConfig.apiKey' }),
    }),
  );
  expect(refused).not.toThrow(/sk-secret/);
});
