import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/**
 * Starts what `npx sagents sandbox serve` starts, on a free port, and ends it when the scope that holds it ends. It stands
 * for another machine, and so has an environment of its own.
 */
export async function serveSandboxes(root: string, token: string) {
  const args = ['sandbox', 'serve', '--root', root, '--token-env', 'SANDBOX_TOKEN', '--port', '0'];
  const server = spawn(process.execPath, [...process.execArgv, cli, ...args], {
    env: { PATH: process.env['PATH'], SANDBOX_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'close');
  const [line] = await Promise.race([once(server.stdout, 'data'), ended.then(() => [''])]);
  const url = /http:\S+/.exec(String(line))?.[0];
  if (url === undefined) throw new Error('The sandbox server could not be started.');
  return {
    domain: new URL(url).host,
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
