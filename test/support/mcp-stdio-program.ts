// An MCP server over stdio that does what a good one does not. Written by hand: a library would keep it from that.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FakeServerOptions } from './mcp-stdio.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as FakeServerOptions;
const text = { type: 'object', properties: { text: { type: 'string' } } };
let description = 'Gives back what it is given.';
let hasEcho = true;
let lists = 0;
const cancelled = new Set<unknown>();
/** What the protocol without a handshake has in every result. */
const modern = options.discovery === 'has-it' ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {};

if (options.ignoresEnd === true) {
  process.on('SIGTERM', () => log('ignored SIGTERM'));
  setInterval(() => {}, 60_000);
}
log(`started ${process.pid}`);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void handle(JSON.parse(line) as Request));
lines.on('close', () => log('input ended'));

interface Request {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly cursor?: string;
    readonly requestId?: number;
    readonly arguments?: { readonly text?: string };
    readonly _meta?: { readonly progressToken?: number };
  };
}

function log(line: string): void {
  if (options.log !== undefined) appendFileSync(options.log, `${line}\n`);
}

function send(message: object): boolean {
  return process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function answer(id: unknown, said: string, more: object = {}): void {
  send({ id, result: { ...modern, content: [{ type: 'text', text: said }], ...more } });
}

async function handle({ id, method, params = {} }: Request): Promise<void> {
  switch (method) {
    case 'server/discover':
      if (options.discovery === 'ends-it') process.exit(1);
      if (options.discovery === 'silent') return;
      if (options.discovery === 'has-it') {
        return void send({ id, result: { ...modern, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } } });
      }
      return void send({ id, error: { code: -32_601, message: 'Method not found' } });
    case 'initialize': {
      log('shook hands');
      if (options.never === 'answers') return;
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'fake', version: '1' },
      };
      return void send({ id, result });
    }
    case 'tools/list':
      return void send({ id, result: { ...modern, ...listTools(params.cursor) } });
    case 'notifications/cancelled':
      cancelled.add(params.requestId);
      return log('cancelled');
    case 'tools/call':
      log(`called ${params.name}`);
      return call(id, params);
    default:
  }
}

function listTools(cursor: string | undefined): object {
  const { tools = 'few' } = options;
  if (tools === 'endless') {
    const page = Number(cursor ?? 0);
    return { tools: [{ name: `t${page}`, inputSchema: text }], nextCursor: String(page + 1) };
  }
  if (tools === 'circle') return { tools: [{ name: 'round', inputSchema: text }], nextCursor: 'again' };
  if (typeof tools === 'number') {
    return { tools: Array.from({ length: tools }, (_, index) => ({ name: `t${index}`, inputSchema: text })) };
  }
  if (tools === 'late') {
    lists += 1;
    if (lists > 1) return { tools: [{ name: 'late', inputSchema: text }] };
    send({ method: 'notifications/tools/list_changed' });
    return { tools: [] };
  }
  if (tools === 'odd') return { tools: oddTools };
  const names = [
    'die',
    'hang',
    'flood',
    'huge',
    'change',
    'remove',
    'fork',
    'fail',
    'fields',
    'mute',
    'leak',
    'garbage',
    'env',
    'cwd',
  ];
  const echo = { name: 'echo', description, inputSchema: text };
  return { tools: [...(hasEcho ? [echo] : []), ...names.map((name) => ({ name, inputSchema: text }))] };
}

const oddTools = [
  { name: 'good', inputSchema: text },
  { name: 'good!', inputSchema: text },
  { name: 'good?', inputSchema: text },
  { name: 'list', inputSchema: { type: 'array' } },
  { inputSchema: text },
  { name: 'long', description: 'x'.repeat(100_000), inputSchema: text },
  { name: 'unreadable', inputSchema: { type: 'object', properties: { at: { $ref: 'https://example.com/at' } } } },
  'no tool at all',
];

async function call(id: unknown, { name, arguments: args = {}, _meta: meta }: NonNullable<Request['params']>) {
  switch (name) {
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'hang':
      return;
    case 'flood': {
      const { progressToken } = meta ?? {};
      for (let progress = 1; !cancelled.has(id); progress += 1) {
        const params = { progressToken, progress, message: 'x'.repeat(2_000) };
        if (!send({ method: 'notifications/progress', params }))
          await new Promise((resolve) => process.stdout.once('drain', resolve));
        if (progress % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return;
    }
    case 'huge':
      return answer(id, 'x'.repeat(Number(args.text)));
    case 'change':
      description = args.text ?? '';
      send({ method: 'notifications/tools/list_changed' });
      return answer(id, 'changed');
    case 'remove':
      hasEcho = false;
      for (let times = 0; times < 100; times += 1) send({ method: 'notifications/tools/list_changed' });
      return answer(id, 'removed');
    case 'fork': {
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 60_000)']);
      return answer(id, String(child.pid));
    }
    case 'fail':
      return answer(id, 'The disk is full.', { isError: true });
    case 'fields':
      return void send({
        id,
        result: { ...modern, content: [], structuredContent: { reason: 'full' }, isError: true },
      });
    case 'mute':
      return void send({ id, result: { ...modern, content: [], isError: true } });
    case 'leak': {
      const said = `401 for token ${process.env['API_TOKEN']}`;
      const params = { progressToken: meta?.progressToken, progress: 1, message: 'x'.repeat(980) + said };
      send({ method: 'notifications/progress', params });
      return answer(id, said, { isError: args.text !== 'as data' });
    }
    case 'garbage':
      process.stdout.write('this is no JSON\n{"jsonrpc":"2.0"}\n');
      return answer(id, 'said', { content: 'no list' });
    case 'env':
      return answer(id, JSON.stringify(process.env));
    case 'cwd':
      return answer(id, process.cwd());
    default:
      if (name === 'echo' && !hasEcho)
        return void send({ id, error: { code: -32_602, message: 'Unknown tool: echo' } });
      return answer(id, args.text ?? JSON.stringify(args));
  }
}
