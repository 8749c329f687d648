import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ExitCode, Io } from './io.ts';
import { defaultLimits } from '../sandbox/limits.ts';
import { createSandboxServer } from './sandbox-server/sandbox-server.ts';
import { takeRoot } from './sandbox-server/take-root.ts';
import { UsageError } from './usage-error.ts';

const options = {
  'root': { type: 'string' },
  'token-env': { type: 'string' },
  'port': { type: 'string', default: '8080' },
  'host': { type: 'string', default: '127.0.0.1' },
  'allow-mount': { type: 'string', multiple: true, default: [] as string[] },
  'max-sandboxes': { type: 'string', default: '16' },
  'idle-seconds': { type: 'string', default: '900' },
  'network': { type: 'string', default: 'off' },
  'limit': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/**
 * `sagents sandbox serve`: prints one line with its URL when it listens, and runs until it is asked to end; then every
 * sandbox is ended before it returns.
 *
 * @throws {UsageError} for a command line that cannot be meant; whatever keeps it from serving.
 */
export async function sandboxServe(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values } = readArgs(args);
  const root = required(values.root, '--root', 'a folder for the sandboxes');
  const port = toNumber(values.port, '--port', 0, 65_535);
  const mostSandboxes = toNumber(values['max-sandboxes'], '--max-sandboxes', 1, 10_000);
  const idleSeconds = toNumber(values['idle-seconds'], '--idle-seconds', 1, 2_000_000);
  const network = toNetwork(values.network);
  const sandboxLimits = Object.fromEntries(values.limit.map(toLimit));
  const token = takeToken(required(values['token-env'], '--token-env', 'the name of a variable'), io.env);
  const allowedMounts = await Promise.all(values['allow-mount'].map(toFolder));
  await mkdir(root, { recursive: true });
  const folder = await realpath(root);
  await io.probe({ workspace: join(folder, 'probe'), root: folder });
  using _root = await takeRoot(folder);
  await using server = createSandboxServer({
    root: folder,
    token,
    allowedMounts,
    idleMs: idleSeconds * 1_000,
    limits: { sandboxes: mostSandboxes },
    sandboxLimits,
    network,
    openSandbox: io.openSandbox,
    onError: (error) => io.printError(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const url = await server.listen({ host: values.host, port });
  io.print(`Sandboxes are served at ${url}`);
  await untilAborted(io.stop);
  return 0;
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    const allowed = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${reason}. Allowed: ${allowed.join(', ')}.`);
  }
}

function required(value: string | undefined, option: string, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`${option} is missing. Give ${what}.`);
}

function toNumber(text: string, option: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} "${text}" is not allowed. Allowed: ${least} to ${most}.`);
}

function toNetwork(given: string): 'off' | 'on' {
  if (given === 'off' || given === 'on') return given;
  throw new UsageError(`--network "${given}" is not allowed. Allowed: off, on.`);
}

function toLimit(given: string): [name: string, value: number] {
  const [name = '', value = ''] = given.split('=');
  if (!Object.hasOwn(defaultLimits, name)) {
    throw new UsageError(`--limit "${name}" is unknown. Allowed: ${Object.keys(defaultLimits).join(', ')}.`);
  }
  return [name, toNumber(value, `--limit ${name}`, 1, Number.MAX_SAFE_INTEGER)];
}

/** Nobody sees a variable in a list of processes; and what is started from here does not inherit it. */
function takeToken(name: string, env: Io['env']): string {
  const token = env[name];
  delete env[name];
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token;
  const state = token === undefined ? 'is not set' : token === '' ? 'is empty' : 'has characters no header can carry';
  throw new UsageError(
    `The variable ${name} ${state}. Put the token into it, such as the output of: openssl rand -hex 32`,
  );
}

async function toFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return resolve(path);
  throw new UsageError(`--allow-mount "${path}" is no folder. Give one that exists.`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve: done } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => done(), { once: true });
  return promise;
}
