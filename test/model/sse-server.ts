import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import OpenAI from 'openai';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { callModel, type CallModelDeps, type ModelDeadlines } from '../../src/model/call-model.ts';
import type { ModelEnd, ModelRequest, ModelStream } from '../../src/model/model.ts';
import type { Piece } from '../../src/messages/message.ts';

export interface SseServer extends AsyncDisposable {
  readonly url: string;
  /** The bodies it was sent. */
  readonly bodies: string[];
  /** How many connections were made to it. */
  connections(): number;
  /** Resolves when the client has closed the connection of the `n`th request (from 0). */
  closed(n: number): Promise<void>;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A provider on port 0: the `n`th request gets the `n`th answer, later ones the last. */
export async function serve(first: Answer, ...more: readonly Answer[]): Promise<SseServer> {
  const rest = [...more];
  let answer = first;
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  const closings: Promise<void>[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const current = answer;
    answer = rest.shift() ?? answer;
    closings.push(once(response, 'close').then(() => {}));
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      void current(response, request);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    connections: () => connections,
    closed: async (n) => await closings[n],
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export const event = (payload: unknown) =>
  `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`;

export const text = (content: string) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });

export const finish = (reason = 'stop') => event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });

export const usage = event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } });

export const done = event('[DONE]');

/** Answers with an event stream of these parts. */
export const stream =
  (...parts: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(parts.join(''));
  };

/** Answers with these parts, and leaves the stream open. */
export const stall =
  (...parts: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (parts.length > 0) response.write(parts.join(''));
  };

export const fail =
  (status: number, error: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };

export const hello = stream(text('Hel'), text('lo'), finish(), usage, done);

const request: ModelRequest = {
  messages: [JSON.stringify({ role: 'user', content: 'Hi' })],
  parameters: { model: 'test-model' },
};

export const createOpenAI = (url: string) =>
  new OpenAI({ apiKey: 'sk-test-0123456789', baseURL: url, logLevel: 'off' });

type CallOptions = Partial<Omit<CallModelDeps, 'deadlines'>> & { deadlines?: Partial<ModelDeadlines> };

/** Calls with patient deadlines and the shortest back-off, unless told otherwise. */
export function call(server: SseServer, { deadlines, ...rest }: CallOptions = {}): ModelStream {
  return callModel(request, {
    model: createOpenAI(server.url),
    signal: new AbortController().signal,
    clock: new ActiveClock(),
    random: () => 1,
    ...rest,
    deadlines: { stepMs: 10_000, firstChunkMs: 10_000, chunkMs: 10_000, ...deadlines },
  });
}

export async function drain(answer: ModelStream): Promise<{ pieces: Piece[]; text: string; end: ModelEnd }> {
  const pieces: Piece[] = [];
  for (;;) {
    const { done: ended, value } = await answer.next();
    if (ended) return { pieces, text: pieces.map((piece) => piece.content ?? '').join(''), end: value };
    pieces.push(...value);
  }
}
