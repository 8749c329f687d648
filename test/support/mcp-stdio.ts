import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { McpServerConfig, StdioMcpServer } from '../../src/tools/mcp/mcp-config.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { isRunning, temporaryWorkspace } from '../sandbox/helpers.ts';

export interface FakeServerOptions {
  /** Where it writes what it does, a line each. */
  readonly log?: string;
  /** What it lists. Default: a few that misbehave. */
  readonly tools?: 'few' | 'endless' | 'circle' | 'odd' | 'late' | number;
  readonly never?: 'answers';
  /** What it does when it is asked for the protocol without a handshake. Default: it does not know what that is. */
  readonly discovery?: 'ends-it' | 'has-it' | 'silent';
  /** Goes on when its input ends and when it is asked to end. */
  readonly ignoresEnd?: boolean;
}

const program = join(import.meta.dirname, 'mcp-stdio-program.ts');
const loader = Number(process.versions.node.split('.')[0]) >= 24 ? [] : ['--import', 'tsx'];

/** A server of the reference implementations, as npm brings it. */
export function referenceServer(name: 'everything' | 'filesystem', ...args: readonly string[]): StdioMcpServer {
  const file = join(import.meta.dirname, `../../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);
  return { command: process.execPath, args: [file, ...args] };
}

/** A server that misbehaves, and what it has done so far. */
export async function fakeServer(options: FakeServerOptions = {}) {
  const log = join(await temporaryWorkspace(), 'log');
  writeFileSync(log, '');
  const args = [...loader, program, JSON.stringify({ log, ...options })];
  const config = { command: process.execPath, args, approval: 'allow' } satisfies StdioMcpServer;
  const done = () => readFileSync(log, 'utf8').split('\n').slice(0, -1);
  const pids = () => done().flatMap((line) => (line.startsWith('started ') ? [Number(line.slice(8))] : []));
  onTestFinished(() => {
    // Whatever a test left behind would stay for ever.
    for (const pid of pids().filter(isRunning)) process.kill(pid, 'SIGKILL');
  });
  return { config, log, done, pids, running: () => pids().filter(isRunning) };
}

/** A manager with these servers, closed after the test. */
export async function managerOfServers(mcpServers: Readonly<Record<string, McpServerConfig>>): Promise<ToolManager> {
  const manager = new ToolManager();
  onTestFinished(() => manager.close());
  await manager.registerMcpServers({ mcpServers });
  return manager;
}

/** What a call came to: what it gave back, or what it threw. */
export function settled(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => (error instanceof Error ? error.message : error));
}
