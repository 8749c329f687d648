/**
 * The model of the bench, in its own process. `POST /<run>/<script>/chat/completions` streams the script's reply for the
 * step the body is at, which is how many tool results it holds. `GET /<run>` tells what the run has asked for so far.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { nowMicros } from './clock.ts';
import { createScript, textPiece } from './replies.ts';
import type { Reply, Script } from './replies.ts';

export interface RunCount {
  readonly requests: number;
  readonly bodyBytes: number;
}

const scripts = new Map<string, Script>();
const counts = new Map<string, RunCount>();
const toolResult = Buffer.from('"role":"tool"');

const server = createServer((request, response) => {
  const [, run = '', script = ''] = (request.url ?? '').split('/');
  if (request.method === 'GET') {
    response.end(JSON.stringify(counts.get(run) ?? { requests: 0, bodyBytes: 0 }));
    return;
  }
  answer(request, response, run, script).catch((error: unknown) => response.destroy(error as Error));
});
// Longer than any pause between two rounds: a connection is never closed under a contender.
server.keepAliveTimeout = 120_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse, run: string, name: string): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { requests, bodyBytes } = counts.get(run) ?? { requests: 0, bodyBytes: 0 };
  counts.set(run, { requests: requests + 1, bodyBytes: bodyBytes + body.length });
  const script = scripts.get(name) ?? createScript(name);
  scripts.set(name, script);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await send(response, script.reply(occurrences(body, toolResult)));
  response.end();
}

async function send(response: ServerResponse, { writes, paced }: Reply): Promise<void> {
  for (let sent = 0; paced !== undefined && sent < paced.pieces; sent++) {
    await pause(paced.everyMs);
    await write(response, textPiece(String(nowMicros())));
  }
  for (const bytes of writes) await write(response, bytes);
}

async function write(response: ServerResponse, bytes: Buffer | string): Promise<void> {
  if (response.destroyed) throw new Error('The reader has gone.');
  if (!response.write(bytes)) await drained(response);
}

/** Resolves when there is room to write again, or nobody left to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

function occurrences(body: Buffer, part: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(part); at !== -1; at = body.indexOf(part, at + part.length)) count++;
  return count;
}
