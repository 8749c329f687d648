import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Sandbox } from '@alibaba-group/opensandbox';
import { describe, expect, test } from 'vitest';
import { temporaryRoot } from '../sandbox/local/helpers.ts';

const token = 'token-for-tests';
const uuid = /^[0-9a-f]{8}-/;

/** The command line as a process of its own. */
function run(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const path = { PATH: process.env['PATH'] ?? '' };
  const child = spawn(process.execPath, ['--import', 'tsx', '-C', 'sagents-source', 'src/cli/main.ts', ...args], {
    env: { ...path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
}

async function outcomeOf(child: ChildProcess) {
  const output = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? '' : await text(stream);
}

/** A server of sandboxes; ended with the test. */
async function serve(root: string, args: readonly string[] = []) {
  const all = ['sandbox', 'serve', '--root', root, '--token-env', 'TOKEN', '--port', '0', ...args];
  const child = run(all, { TOKEN: token });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += String(chunk)));
  await Promise.race([
    once(child.stdout ?? child, 'data'),
    outcomeOf(child).then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const domain = /http:\/\/(\S+)/.exec(printed)?.[1] ?? '';
  const closed = once(child, 'close');
  return {
    domain,
    connectionConfig: { domain, protocol: 'http' as const, apiKey: token },
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      return code;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

describe('sagents sandbox serve', { timeout: 60_000 }, () => {
  test('serves confined sandboxes to the official SDK, and ends them when it is told to end', async () => {
    const root = await temporaryRoot();
    await using server = await serve(root);
    const sandbox = await Sandbox.create({ connectionConfig: server.connectionConfig, image: 'any' });
    const ran = await sandbox.commands.run('pwd; cat /etc/shadow; env; exit 7', {
      workingDirectory: '/sage-workspace',
    });
    const output = ran.logs.stdout.map(({ text: line }) => line).join('');
    expect(output).toMatch(/^\/sage-workspace\n/);
    expect(output).not.toContain('root:');
    expect(output).not.toContain(token);
    expect(ran.exitCode).toBe(7);
    expect((await readdir(root)).filter((name) => uuid.test(name))).toHaveLength(1);
    expect(await server.end('SIGTERM')).toBe(0);
    expect((await readdir(root)).filter((name) => uuid.test(name))).toEqual([]);
  });

  test('keeps another server away from its folder, and clears up after one that was killed', async () => {
    const root = await temporaryRoot();
    await using first = await serve(root);
    await Sandbox.create({ connectionConfig: first.connectionConfig, image: 'any' });
    await expect(serve(root)).rejects.toThrow('belongs to another sandbox server');
    await first.end('SIGKILL');
    await using second = await serve(root);
    expect((await readdir(root)).filter((name) => uuid.test(name))).toEqual([]);
    await Sandbox.create({ connectionConfig: second.connectionConfig, image: 'any' });
  });

  test('gives each sandbox the limits it is told', async () => {
    const args = ['--limit', 'fileBytes=1000000', '--max-sandboxes', '1'];
    await using server = await serve(await temporaryRoot(), args);
    const sandbox = await Sandbox.create({ connectionConfig: server.connectionConfig, image: 'any' });
    const ran = await sandbox.commands.run('head -c 2000000 /dev/zero > big; wc -c < big');
    expect(ran.logs.stdout.map(({ text: line }) => line).join('')).toBe('1000000\n');
    const another = Sandbox.create({ connectionConfig: server.connectionConfig, image: 'any' });
    await expect(another).rejects.toMatchObject({ statusCode: 429 });
  });
});

describe('a command line', () => {
  const serving = ['sandbox', 'serve'];

  test.each([
    [[], 'No command was given'],
    [['sandbox', 'server'], '"sandbox server" is unknown. Allowed: sandbox serve'],
    [[...serving, '--token-env', 'TOKEN'], '--root is missing'],
    [[...serving, '--root', '.'], '--token-env is missing'],
    [[...serving, '--root', '.', '--token-env', 'NONE'], 'The variable NONE is not set'],
    [[...serving, '--root', '.', '--token-env', 'TOKEN', '--port', 'x'], '--port "x" is not allowed'],
    [[...serving, '--root', '.', '--token-env', 'TOKEN', '--limit', 'x=1'], '--limit "x" is unknown'],
    [[...serving, '--root', '.', '--token-env', 'TOKEN', '--network', 'x'], '--network "x" is not allowed'],
    [[...serving, '--root', '.', '--token-env', 'TOKEN', '--allow-mount', 'nowhere'], 'is no folder'],
    [[...serving, '--rooot', '.'], "Unknown option '--rooot'"],
  ])('that cannot be meant is told what is allowed, in one line: %j', async (args, message) => {
    const { code, stdout, stderr } = await outcomeOf(run(args, { TOKEN: token }));
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('tells its usage and its version', async () => {
    const usage = await outcomeOf(run(['--help']));
    expect(usage).toMatchObject({ code: 0, stderr: '' });
    expect(usage.stdout).toContain('sagents sandbox serve --root DIR --token-env NAME');
    expect((await outcomeOf(run(['--version']))).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
