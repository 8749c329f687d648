import { expect, test, vi } from 'vitest';

const loaded = vi.hoisted((): string[] => []);
vi.mock('@modelcontextprotocol/client', async (original) => {
  loaded.push('client');
  return original();
});

test('the client of the protocol is loaded with the first servers, and not with the package', async () => {
  const { ToolManager } = await import('sagents');
  await using manager = new ToolManager();
  expect([manager.listTools(), manager.listMcpServers(), loaded]).toEqual([[], [], []]);
  await manager.registerMcpServers({});
  expect(loaded).toEqual(['client']);
});
