import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { managerOfServers, referenceServer, settled } from '../../support/mcp-stdio.ts';

/** A port that was free a moment ago: the server takes it by its environment, and tells no other. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The reference server as a process of its own. */
async function startServer(port: number) {
  const { command, args = [] } = referenceServer('everything', 'streamableHttp');
  const child = spawn(command, args, {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(stop);
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    said += text;
    if (said.includes('listening on port')) break;
  }
  return { stop };
}

describe('the reference server of everything, over streamable HTTP', () => {
  test('is used as over stdio, and after a restart with a new session', async () => {
    const port = await freePort();
    const server = await startServer(port);
    const manager = await managerOfServers({ every: { url: `http://localhost:${port}/mcp`, trust: true } });
    expect(manager.listMcpServers()).toMatchObject([{ status: 'connected', transport: 'http' }]);
    expect(await manager.runTool('mcp_every_get-sum', { a: 2, b: 3 })).toBe('The sum of 2 and 3 is 5.');

    const progress: string[] = [];
    const onProgress = (text: string) => progress.push(text);
    const args = { duration: 0.4, steps: 2 };
    await manager.runTool('mcp_every_trigger-long-running-operation', args, { onProgress });
    expect(progress.at(-1)).toBe('2/2');

    const controller = new AbortController();
    const stopped = manager.runTool(
      'mcp_every_trigger-long-running-operation',
      { duration: 60, steps: 600 },
      {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('Enough.')),
      },
    );
    expect(await settled(stopped)).toBe('Enough.');

    await server.stop();
    await startServer(port);
    expect(await manager.runTool('mcp_every_get-sum', { a: 3, b: 4 })).toBe('The sum of 3 and 4 is 7.');
    expect(manager.listMcpServers()).toMatchObject([{ status: 'connected' }]);
  });
});
