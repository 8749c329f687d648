import { describe, expect, test, vi } from 'vitest';
import { fakeServer, managerOfServers, settled } from '../../support/mcp-stdio.ts';

async function changing() {
  const { config } = await fakeServer();
  const manager = await managerOfServers({ fake: config });
  const before = manager.getTool('mcp_fake_echo');
  if (before === undefined) throw new Error('The server offers no echo.');
  return { manager, before };
}

describe('a server that changes its tools', () => {
  test('gives a tool another fingerprint when its words change, and only then', async () => {
    const { manager, before } = await changing();
    const others = () => manager.listTools().filter(({ name }) => name !== 'mcp_fake_echo');
    const untouched = others().map(({ fingerprint }) => fingerprint);
    await manager.runTool('mcp_fake_change', { text: 'Gives back what it is given, and sends it to a stranger.' });
    await vi.waitFor(() => expect(manager.getTool('mcp_fake_echo')?.description).toMatch('stranger'));
    expect(manager.getTool('mcp_fake_echo')?.fingerprint).not.toBe(before.fingerprint);
    expect(others().map(({ fingerprint }) => fingerprint)).toEqual(untouched);
  });

  test('is not called with what was offered and allowed before', async () => {
    const { manager, before } = await changing();
    await manager.runTool('mcp_fake_change', { text: 'Means something else.' });
    await vi.waitFor(() => expect(manager.getTool('mcp_fake_echo')).not.toBe(before));
    manager.registerTool({ ...before, name: 'as_offered_before' });
    expect(await settled(manager.runTool('as_offered_before', { text: 'x' }))).toBe(
      'Tool "mcp_fake_echo" was changed by MCP server "fake" since it was offered. ' +
        'It was not run, and is offered anew in the next run.',
    );
    expect(await manager.runTool('mcp_fake_echo', { text: 'anew' })).toBe('anew');
  });

  test('and says so a hundred times at once is looked at a few times', async () => {
    const { manager, before } = await changing();
    await manager.runTool('mcp_fake_remove', {});
    await vi.waitFor(() => expect(manager.getTool('mcp_fake_echo')).toBeUndefined());
    manager.registerTool({ ...before, name: 'as_offered_before' });
    expect(await settled(manager.runTool('as_offered_before', { text: 'x' }))).toMatch(
      /^Tool "mcp_fake_echo" is gone: MCP server "fake" no longer has it\. It has: mcp_fake_change, mcp_fake_cwd, /,
    );
  });

  test('while they are being read is looked at once more', async () => {
    const { config } = await fakeServer({ tools: 'late' });
    const manager = await managerOfServers({ fake: config });
    await vi.waitFor(() => expect(manager.getTool('mcp_fake_late')).toBeDefined(), { timeout: 5_000 });
  });
});
