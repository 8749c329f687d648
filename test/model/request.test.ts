import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import type { ChatModel, ModelRequest } from '../../src/model/model.ts';
import { toCreateArguments } from '../../src/model/request.ts';
import { call, createOpenAI, drain, hello, serve } from './sse-server.ts';

const { signal } = new AbortController();
const request: ModelRequest = {
  messages: ['{"role":"system","content":"Grüße \\"x\\""}', '{"role":"user","content":"Hi"}'],
  tools: '[{"type":"function","function":{"name":"f"}}]',
  parameters: { model: 'm', temperature: 0.5, top_p: undefined },
};
const body = {
  model: 'm',
  temperature: 0.5,
  messages: [
    { role: 'system', content: 'Grüße "x"' },
    { role: 'user', content: 'Hi' },
  ],
  tools: [{ type: 'function', function: { name: 'f' } }],
  stream: true,
  stream_options: { include_usage: true },
};
const plain: ChatModel = { chat: { completions: { create: async () => undefined } } };
const genuine = () => createOpenAI('http://127.0.0.1:1/v1');

describe('the arguments of create', () => {
  test('for any client: the body as an object', () => {
    const [object, options] = toCreateArguments(plain, request, signal);
    expect(object).toEqual(body);
    expect(object).not.toHaveProperty('top_p');
    expect(options).toMatchObject({ signal, maxRetries: 0 });
    expect(options).not.toHaveProperty('body');
  });

  test('for the openai client: the same body as a ready string', () => {
    const [stub, options] = toCreateArguments(genuine(), request, signal);
    expect(JSON.parse(options.body as string)).toEqual(body);
    expect(stub).toMatchObject({ model: 'm', messages: [], stream: true });
    expect(options.headers).toEqual({ 'content-type': 'application/json' });
  });

  test.each<[string, object, object]>([
    ['no tools', { tools: undefined }, { tools: undefined }],
    ['no messages', { messages: [] }, { messages: [] }],
    [
      'tools among the parameters',
      { tools: undefined, parameters: { model: 'm', tools: [1] } },
      { temperature: undefined, tools: [1] },
    ],
    [
      'other stream options',
      { parameters: { model: 'm', stream_options: { x: 1 } } },
      { temperature: undefined, stream_options: { x: 1 } },
    ],
    [
      'no stream options',
      { parameters: { model: 'm', stream_options: null } },
      { temperature: undefined, stream_options: undefined },
    ],
    [
      'parameters that may not win',
      { parameters: { model: 'm', stream: false, messages: [] } },
      { temperature: undefined },
    ],
  ])('both ways with %s', (_, change, difference) => {
    const changed = { ...request, ...change } as ModelRequest;
    const expected = JSON.parse(JSON.stringify({ ...body, ...difference })) as unknown;
    expect(toCreateArguments(plain, changed, signal)[0]).toEqual(expected);
    expect(JSON.parse(toCreateArguments(genuine(), changed, signal)[1].body as string)).toEqual(expected);
  });
});

describe('a client that changes the body gets the object', () => {
  test.each<[string, () => ChatModel]>([
    ['a subclass', () => new (class Traced extends OpenAI {})({ apiKey: 'k' })],
    ['a subclass of the same name', () => new { OpenAI: class extends OpenAI {} }.OpenAI({ apiKey: 'k' })],
    ['Azure', () => new AzureOpenAI({ apiKey: 'k', apiVersion: 'v', endpoint: 'http://127.0.0.1:1' })],
    [
      'a patched create',
      () => {
        const client = genuine();
        const create = client.chat.completions.create.bind(client.chat.completions);
        client.chat.completions.create = create;
        return client;
      },
    ],
    ['a patched post', () => Object.assign(genuine(), { post: () => undefined })],
    [
      'a proxy',
      () => {
        const watch = <T extends object>(target: T): T =>
          new Proxy(target, {
            get: (inner, key) => {
              const value = Reflect.get(inner, key) as unknown;
              if (typeof value === 'function')
                return (...args: unknown[]) => Reflect.apply(value, inner, args) as unknown;
              return typeof value === 'object' && value !== null ? watch(value) : value;
            },
          });
        return watch(genuine());
      },
    ],
    ['its chat in another object', () => ({ chat: genuine().chat })],
  ])('%s', (_, createModel) => {
    const [object, options] = toCreateArguments(createModel(), request, signal);
    expect(object).toEqual(body);
    expect(options).not.toHaveProperty('body');
  });

  test('and is heard: what it adds arrives', async () => {
    await using server = await serve(hello);
    const client = createOpenAI(server.url);
    const { completions } = client.chat;
    const create = completions.create.bind(completions);
    const model: ChatModel = {
      chat: { completions: { create: (sent, options) => create({ ...sent, user: 'me' }, options) } },
    };
    expect((await drain(call(server, { model }))).text).toBe('Hello');
    expect(JSON.parse(server.bodies[0] ?? '')).toMatchObject({
      user: 'me',
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });
});
