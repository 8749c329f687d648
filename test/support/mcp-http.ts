import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly response: ServerResponse;
  /** A result of this text, as JSON. */
  answer(text: string): void;
}

interface Message {
  readonly id: number;
  readonly method: string;
  readonly params?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
}

export interface FakeHttpOptions {
  /** What a call does. Default: it is answered with its name. */
  readonly onCall?: (call: Call) => void | Promise<void>;
  /** What is said of a session that is not there. Default 404, as the specification has it. */
  readonly lostStatus?: number;
  /** What requests must bring. */
  readonly token?: string;
}

/** An MCP server over streamable HTTP on this machine, written by hand: it can forget its sessions and break its streams. */
export async function fakeHttpServer({ onCall, lostStatus = 404, token }: FakeHttpOptions = {}) {
  const sessions = new Set<string>();
  const requests: string[] = [];
  const streams = new Set<ServerResponse>();
  let tools = ['echo'];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fail = (status: number, text: string) => response.writeHead(status).end(text);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return void fail(401, `No ${token}`);
    const session = String(request.headers['mcp-session-id']);
    if (request.method === 'DELETE') {
      requests.push('farewell');
      sessions.delete(session);
      return void response.writeHead(200).end();
    }
    if (request.method === 'GET') {
      if (!sessions.has(session)) return void fail(lostStatus, 'No such session');
      streams.add(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return;
    }
    const { id, method, params } = (await json(request)) as Message;
    const reply = (body: object, headers = {}) =>
      response
        .writeHead(200, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    requests.push(method === 'tools/call' ? `call ${params?.name}` : method);
    if (method === 'server/discover') return void fail(400, 'Unknown method');
    if (method === 'initialize') {
      const id = randomUUID();
      sessions.add(id);
      const capabilities = { tools: { listChanged: true } };
      const serverInfo = { name: 'fake', version: '1' };
      return void reply(
        { result: { protocolVersion: '2025-11-25', capabilities, serverInfo } },
        { 'mcp-session-id': id },
      );
    }
    if (!sessions.has(session)) return void fail(lostStatus, 'No such session');
    if (method === 'tools/list')
      return void reply({ result: { tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) } });
    if (method !== 'tools/call') return void response.writeHead(202).end();
    const { name = '', arguments: args = {} } = params ?? {};
    const answer = (text: string) => reply({ result: { content: [{ type: 'text', text }] } });
    await (onCall ?? (() => answer(name)))({ id, name, args, response, answer });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    /** What came in, by its method; of calls the tool. */
    requests,
    count: (what: string) => requests.filter((one) => one === what).length,
    forgetSessions: () => sessions.clear(),
    /** Changes its tools, and says so on the open streams. */
    setTools(names: readonly string[]) {
      tools = [...names];
      const message = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
      for (const stream of streams) stream.write(`data: ${message}\n\n`);
    },
    streams,
    close,
  };
}
