import { describe, expect, test, vi } from 'vitest';
import { nothing, watchStrays } from '../../support/strays.ts';
import { isRunning } from '../../sandbox/helpers.ts';
import { fakeServer, managerOfServers, referenceServer, settled } from '../../support/mcp-stdio.ts';
import { runNode } from '../../programs.ts';

describe('closing a manager', () => {
  test('ends its servers by the end of their input, and leaves nothing behind', async () => {
    using strays = watchStrays();
    const { config, done, running } = await fakeServer();
    const manager = await managerOfServers({ fake: config, every: referenceServer('everything') });
    await manager.close();
    expect(done()).toContain('input ended');
    expect(running()).toEqual([]);
    expect(await strays.look()).toEqual(nothing);
    expect(manager.listMcpServers().map(({ status, tools }) => [status, tools])).toEqual([
      ['closed', []],
      ['closed', []],
    ]);
  });

  test('ends one that ignores its input and SIGTERM', async () => {
    const { config, done, running } = await fakeServer({ ignoresEnd: true });
    const manager = await managerOfServers({ fake: config });
    await manager.close();
    expect(done()).toEqual(expect.arrayContaining(['input ended', 'ignored SIGTERM']));
    expect(running()).toEqual([]);
  });

  test('ends what a server has started, also when the server itself is gone already', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const pids = [await manager.runTool('mcp_fake_fork', {}), await manager.runTool('mcp_fake_fork', {})].map(Number);
    expect(pids.map(isRunning)).toEqual([true, true]);
    await settled(manager.runTool('mcp_fake_die', {}));
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  test('ends calls that are under way, and a server that is still starting', async () => {
    const [one, slow] = [await fakeServer(), await fakeServer({ never: 'answers' })];
    const manager = await managerOfServers({ fake: one.config });
    const call = settled(manager.runTool('mcp_fake_hang', {}));
    const registering = manager.registerMcpServers({ slow: slow.config });
    await vi.waitFor(() => expect([...one.done(), ...slow.done()]).toHaveLength(3));
    await manager.close();
    expect(await call).toMatch('The call may or may not have run');
    await registering;
    expect([one.running(), slow.running()]).toEqual([[], []]);
  });

  test('is final: its servers are gone, and no other can be registered', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const echo = manager.getTool('mcp_fake_echo');
    await manager.close();
    await manager.close();
    expect(manager.listTools()).toEqual([]);
    await expect(manager.registerMcpServers({ fake: config })).rejects.toThrow('The tool manager is closed.');
    expect(echo).toBeDefined();
  });

  test('happens by itself at the end of a scope', async () => {
    const { config, running } = await fakeServer();
    {
      await using manager = await managerOfServers({ fake: config });
      expect(manager.listTools()).not.toEqual([]);
    }
    expect(running()).toEqual([]);
  });
});

describe('registering', () => {
  test('that is aborted closes what it has started', async () => {
    const [good, silent] = [await fakeServer(), await fakeServer({ never: 'answers' })];
    const manager = await managerOfServers({});
    const controller = new AbortController();
    const registering = manager.registerMcpServers(
      { good: good.config, silent: silent.config },
      { signal: controller.signal },
    );
    await vi.waitFor(() => expect([...good.pids(), ...silent.pids()]).toHaveLength(2));
    controller.abort(new Error('Enough.'));
    await expect(registering).rejects.toThrow('Enough.');
    expect([good.running(), silent.running(), manager.listMcpServers()]).toEqual([[], [], []]);
  });

  test('a server of the same name is refused, or takes its place', async () => {
    const [first, second] = [await fakeServer(), await fakeServer()];
    const manager = await managerOfServers({ fake: first.config });
    await expect(manager.registerMcpServers({ fake: second.config })).rejects.toThrow(
      'There is an MCP server "fake" already.',
    );
    await manager.registerMcpServers({ fake: second.config }, { replace: true });
    expect([first.running().length, second.running().length]).toEqual([0, 1]);
    expect(await manager.runTool('mcp_fake_echo', { text: 'second' })).toBe('second');
  });
});

describe('a host', () => {
  const program = (config: object, then: string) => `
    import { ToolManager } from 'sagents';
    const manager = new ToolManager();
    await manager.registerMcpServers({ fake: ${JSON.stringify(config)} });
    console.log(await manager.runTool('mcp_fake_echo', { text: 'done' }));
    ${then}`;
  const run = (code: string) =>
    runNode(['--import', 'tsx', '-C', 'sagents-source', '--input-type=module', '--eval', code]);

  test('is not kept alive by servers it has not closed, and takes them with it', async () => {
    const { config, running } = await fakeServer({ ignoresEnd: true });
    expect(await run(program(config, ''))).toMatchObject({ exitCode: 0, output: 'done\n', errors: '' });
    await vi.waitFor(() => expect(running()).toEqual([]));
  });

  test('that exits in the middle of a call takes them with it', async () => {
    const { config, running } = await fakeServer({ ignoresEnd: true });
    const leave = `setImmediate(() => process.exit(7)); await manager.runTool('mcp_fake_hang', {});`;
    expect(await run(program(config, leave))).toMatchObject({ exitCode: 7 });
    await vi.waitFor(() => expect(running()).toEqual([]));
  });

  test('is kept alive by a call', async () => {
    const { config } = await fakeServer();
    const wait = `manager.runTool('mcp_fake_hang', {}, { signal: AbortSignal.timeout(100) }).catch(() => console.log('waited'));`;
    expect(await run(program(config, wait))).toMatchObject({ exitCode: 0, output: 'done\nwaited\n' });
  });
});
