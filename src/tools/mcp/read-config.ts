import type { z } from 'zod';
import { SageError } from '../../errors.ts';
import { httpSchema, namedSchema, stdioSchema } from './config-schema.ts';
import { fillIn, type Variables } from './fill-in.ts';
import type { McpToolSettings } from './mcp-config.ts';

/** A server of the config, checked and filled in: what is started or called. */
export interface ServerSettings {
  readonly name: string;
  readonly transport: 'stdio' | 'http';
  /** Of a disabled server there is none. */
  readonly target: StdioTarget | HttpTarget | undefined;
  readonly trust: boolean;
  readonly connectTimeoutMs: number;
  /** What may stand in no error: values of `env` and `headers`, and what came from variables. */
  readonly secrets: readonly string[];
  /** How one of its tools is treated, as far as the config says. */
  settingsOf(tool: string): McpToolSettings;
}

export interface StdioTarget {
  readonly transport: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface HttpTarget {
  readonly transport: 'http';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const defaultConnectMs = 60_000;

/**
 * Reads a config: `{ mcpServers }` or what stands in it, as JSON gives it.
 *
 * @throws {SageError} `invalid-argument` naming the place. Values are not told: they may be secrets.
 */
export function readConfig(config: unknown, variables: Variables): ServerSettings[] {
  const whole = check(namedSchema, config, 'config', 'an object of servers by their names');
  const hasServers = 'mcpServers' in whole;
  const path = hasServers ? 'mcpServers' : 'config';
  const servers = hasServers
    ? check(namedSchema, whole['mcpServers'], path, 'an object of servers by their names')
    : whole;
  return Object.entries(servers).map(([name, server]) => readServer(name, server, `${path}.${name}`, variables));
}

function readServer(name: string, given: unknown, path: string, variables: Variables): ServerSettings {
  const isStdio = has(given, 'command');
  if (isStdio === has(given, 'url')) throw refused(path, 'either a command to start, or the url of a server');
  const server = isStdio
    ? check(stdioSchema, given, path, 'a server with a command')
    : check(httpSchema, given, path, 'a server with a url');
  const { trust = false, connectTimeoutMs = defaultConnectMs, tools = {}, disabled = false } = server;
  const { approval, effect, timeoutMs } = server;
  const own = withoutGaps({ approval, effect, timeoutMs });
  const used = new Set<string>();
  const fill: Fill = (text, place) => fillIn(text, `${path}.${place}`, variables, used);
  const readTarget = () => ('command' in server ? stdioTarget(server, fill) : httpTarget(server, fill, path));
  const target = disabled ? undefined : readTarget();
  return {
    name,
    transport: isStdio ? 'stdio' : 'http',
    target,
    trust,
    connectTimeoutMs,
    secrets: [...used, ...secretsOf(target)],
    settingsOf: (tool) => ({ ...own, ...(Object.hasOwn(tools, tool) ? withoutGaps(tools[tool]) : {}) }),
  };
}

type Fill = (text: string, place: string) => string;

function stdioTarget({ command, args, env, cwd }: z.infer<typeof stdioSchema>, fill: Fill): StdioTarget {
  return {
    transport: 'stdio',
    command: fill(command, 'command'),
    args: args.map((arg, index) => fill(arg, `args.${index}`)),
    env: fillAll(env, 'env', fill),
    cwd: cwd === undefined ? process.cwd() : fill(cwd, 'cwd'),
  };
}

function httpTarget({ url, headers }: z.infer<typeof httpSchema>, fill: Fill, path: string): HttpTarget {
  const address = URL.parse(fill(url, 'url'));
  if (address === null || !/^https?:$/.test(address.protocol) || address.username !== '' || address.password !== '') {
    throw refused(`${path}.url`, 'an http or https address; what the server is to know of you goes into headers');
  }
  return { transport: 'http', url: address, headers: fillAll(headers, 'headers', fill) };
}

function fillAll(values: Readonly<Record<string, string>>, place: string, fill: Fill): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, `${place}.${name}`)]));
}

function secretsOf(target: StdioTarget | HttpTarget | undefined): readonly string[] {
  if (target === undefined) return [];
  if (target.transport === 'stdio') return Object.values(target.env);
  // `Bearer …`: the word before it may stand anywhere.
  const inHeaders = Object.values(target.headers).flatMap((value) => [value, ...value.split(' ').slice(1)]);
  return [...inHeaders, ...target.url.searchParams.values()];
}

type WithGaps<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** What zod calls optional may be there and be nothing. */
function withoutGaps(settings: WithGaps<McpToolSettings> = {}): McpToolSettings {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function has(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value;
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
  allowed: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refused([path, ...(issue?.path ?? [])].join('.'), allowed, issue?.message);
}

function refused(path: string, allowed: string, why?: string): SageError {
  const message = `${path} of the MCP servers cannot be used${why === undefined ? '' : ` (${why})`}. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option: path, allowed });
}
