import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import { scriptedModel, type ScriptedAnswer, type ScriptedModel } from 'sagents/testing';
import type { ChatRequest } from '../../src/model/model.ts';

/** A provider that speaks OpenAI's event streams on a port of its own, with the answers of a scripted model. */
export class Provider implements AsyncDisposable {
  readonly model: ScriptedModel;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(answers: readonly ScriptedAnswer[]): Promise<Provider> {
    const provider = new Provider(answers);
    provider.#server.listen(0, '127.0.0.1');
    await once(provider.#server, 'listening');
    return provider;
  }

  private constructor(answers: readonly ScriptedAnswer[]) {
    this.model = scriptedModel(answers);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** A client that asks it. */
  client(): OpenAI {
    return new OpenAI({ apiKey: 'test', baseURL: this.url, logLevel: 'off' });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const body = JSON.parse(await text(request)) as ChatRequest;
      const chunks = await this.model.chat.completions.create(body, { signal: gone.signal, maxRetries: 0 });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      for await (const chunk of chunks as AsyncIterable<unknown>) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      response.end('data: [DONE]\n\n');
    } catch {
      // Whoever asked was killed, or is answered with a broken stream.
      response.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
