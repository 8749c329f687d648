import { expect, test } from 'vitest';
import { fakeServer, managerOfServers } from '../../support/mcp-stdio.ts';

test.each([
  ['without a handshake, where the server has that', 'has-it', false],
  ['with one, where it does not know the question', undefined, true],
  ['with one, where it says nothing to the question', 'silent', true],
] as const)('a server is spoken to %s', async (_, discovery, shakesHands) => {
  const { config, done } = await fakeServer(discovery === undefined ? {} : { discovery });
  const manager = await managerOfServers({ fake: config });
  expect(await manager.runTool('mcp_fake_echo', { text: 'hi' })).toBe('hi');
  expect(done().includes('shook hands')).toBe(shakesHands);
});
