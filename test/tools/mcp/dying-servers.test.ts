import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { fakeServer, managerOfServers, settled } from '../../support/mcp-stdio.ts';

const mayHaveRun = (why: string) =>
  `MCP server "fake" was lost before it answered: ${why}. The call may or may not have run: look before you repeat it.`;

describe('a server that dies', () => {
  test('in a call: the model is told that nobody knows, and the call is not sent again', async () => {
    const { config, done } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    expect(await settled(manager.runTool('mcp_fake_die', {}))).toBe(mayHaveRun('it ended with SIGKILL'));
    expect(manager.listMcpServers()).toMatchObject([{ status: 'failed', error: 'it ended with SIGKILL' }]);
    expect(done().filter((line) => line === 'called die')).toHaveLength(1);
  });

  test('by kill -9 from outside takes every call under way with it, and none is repeated', async () => {
    const { config, done, pids } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const calls = [1, 2, 3].map(() => settled(manager.runTool('mcp_fake_hang', {})));
    await vi.waitFor(() => expect(done().filter((line) => line === 'called hang')).toHaveLength(3));
    process.kill(Number(pids()[0]), 'SIGKILL');
    expect(await Promise.all(calls)).toEqual([1, 2, 3].map(() => mayHaveRun('it ended with SIGKILL')));
    expect(done().filter((line) => line === 'called hang')).toHaveLength(3);
  });

  test('is started again by the next call, after a second', async () => {
    const { config, pids, running } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    await settled(manager.runTool('mcp_fake_die', {}));
    expect(running()).toEqual([]);
    const before = performance.now();
    expect(await manager.runTool('mcp_fake_echo', { text: 'back' })).toBe('back');
    expect(performance.now() - before).toBeGreaterThan(900);
    expect(pids()).toHaveLength(2);
    expect(manager.listMcpServers()).toMatchObject([{ status: 'connected' }]);
  });

  test('leaves the others working', async () => {
    const [dying, other] = [await fakeServer(), await fakeServer()];
    const manager = await managerOfServers({ dying: dying.config, other: other.config });
    await settled(manager.runTool('mcp_dying_die', {}));
    expect(await manager.runTool('mcp_other_echo', { text: 'here' })).toBe('here');
  });
});

describe('a server that cannot be had', () => {
  test('is listed as failed, with the reason, and the others are there', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({
      good: config,
      missing: { command: 'no-such-program' },
      broken: { command: process.execPath, args: ['-e', 'console.error("Wrong licence."); process.exit(3)'] },
      elsewhere: { command: process.execPath, cwd: '/no/such/folder' },
    });
    const statuses = manager.listMcpServers().map(({ name, status, error }) => [name, status, error]);
    expect(statuses).toEqual([
      ['broken', 'failed', 'it ended with exit code 3; it said: Wrong licence.'],
      ['elsewhere', 'failed', expect.stringContaining('cannot be started in /no/such/folder')],
      ['good', 'connected', undefined],
      ['missing', 'failed', expect.stringContaining('ENOENT')],
    ]);
  });

  test('because it never answers is given up after its time, and nothing is left of it', async () => {
    const { config, running } = await fakeServer({ never: 'answers', ignoresEnd: true });
    const manager = await managerOfServers({ fake: { ...config, connectTimeoutMs: 600 } });
    expect(manager.listMcpServers()).toMatchObject([{ status: 'failed', error: 'it took longer than 600 ms' }]);
    expect(running()).toEqual([]);
  });

  test('because it ends at a question it does not know is started without it', async () => {
    const { config, pids } = await fakeServer({ discovery: 'ends-it' });
    const manager = await managerOfServers({ fake: config });
    expect(manager.listMcpServers()).toMatchObject([{ status: 'connected' }]);
    expect(pids()).toHaveLength(2);
  });
});

describe('a call that is stopped', () => {
  test('is cancelled at the server, which goes on', async () => {
    const { config, done } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const controller = new AbortController();
    const call = settled(manager.runTool('mcp_fake_hang', {}, { signal: controller.signal }));
    await vi.waitFor(() => expect(done()).toContain('called hang'));
    controller.abort(new Error('Enough.'));
    expect(await call).toBe('Enough.');
    await vi.waitFor(() => expect(done()).toContain('cancelled'));
    expect(await manager.runTool('mcp_fake_echo', { text: 'there' })).toBe('there');
  });

  test('is cancelled too when its time is up', async () => {
    const { config, done } = await fakeServer();
    const manager = await managerOfServers({ fake: { ...config, tools: { hang: { timeoutMs: 50 } } } });
    expect(await settled(manager.runTool('mcp_fake_hang', {}))).toMatch('did not end within 50 ms');
    await vi.waitFor(() => expect(done()).toContain('cancelled'));
  });

  test('while it waits for a server to come back ends at once', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    await settled(manager.runTool('mcp_fake_die', {}));
    const signal = AbortSignal.timeout(20);
    const call = settled(manager.runTool('mcp_fake_echo', {}, { signal }));
    await once(signal, 'abort');
    expect(await call).toMatch('aborted due to timeout');
  });
});
