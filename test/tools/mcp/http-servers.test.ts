import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { fakeHttpServer } from '../../support/mcp-http.ts';
import { managerOfServers, settled } from '../../support/mcp-stdio.ts';
import { nothing, watchStrays } from '../../support/strays.ts';

const lost = (why: string) =>
  expect.stringMatching(`^MCP server "web" was lost before it answered: ${why}.*The call may or`);

describe('a server over streamable HTTP', () => {
  test('is connected to, called, and told when it is over', async () => {
    using strays = watchStrays();
    const server = await fakeHttpServer();
    const manager = await managerOfServers({ web: { url: server.url } });
    expect(manager.listMcpServers()).toEqual([
      { name: 'web', status: 'connected', transport: 'http', tools: ['mcp_web_echo'] },
    ]);
    expect(await manager.runTool('mcp_web_echo', {})).toBe('echo');
    await manager.close();
    expect(server.requests.at(-1)).toBe('farewell');
    expect(await strays.look()).toEqual(nothing);
  });

  test('gets its headers, and nobody else does', async () => {
    const server = await fakeHttpServer({ token: 'tell-nobody-1' });
    const manager = await managerOfServers({});
    const variables = { TOKEN: 'tell-nobody-1', WRONG: 'tell-nobody-2' };
    const withToken = (name: string) => ({ url: server.url, headers: { Authorization: `Bearer \${${name}}` } });
    await manager.registerMcpServers({ web: withToken('TOKEN'), wrong: withToken('WRONG') }, { variables });
    expect(manager.listMcpServers()).toMatchObject([{ status: 'connected' }, { status: 'failed' }]);
    expect(JSON.stringify(manager.listMcpServers())).not.toContain('tell-nobody-2');
    expect(await manager.runTool('mcp_web_echo', {})).toBe('echo');
  });

  test.each([404, 400])(
    'whose session is lost (%d) is connected to again, and the call is sent once more',
    async (lostStatus) => {
      const server = await fakeHttpServer({ lostStatus });
      const manager = await managerOfServers({ web: { url: server.url } });
      server.forgetSessions();
      const calls = [1, 2, 3].map(() => manager.runTool('mcp_web_echo', {}));
      expect(await Promise.all(calls)).toEqual(['echo', 'echo', 'echo']);
      expect(server.count('initialize')).toBe(2);
      expect(server.count('call echo')).toBe(6);
    },
  );

  test('that forgets every session is asked twice, not for ever', async () => {
    const server = await fakeHttpServer({ onCall: ({ response }) => void response.writeHead(404).end('gone') });
    const manager = await managerOfServers({ web: { url: server.url } });
    expect(await settled(manager.runTool('mcp_web_echo', {}))).toBe(
      'MCP server "web" knows no session of ours: HTTP 404: gone. The call was not run.',
    );
    expect(server.count('call echo')).toBe(2);
  });

  test.each([
    [
      'before its answer begins',
      'UND_ERR_SOCKET',
      ({ response }: { response: ServerResponse }) => void response.destroy(),
    ],
    [
      'in the middle of a stream',
      'The stream ended before the answer came',
      ({ response }: { response: ServerResponse }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n', () => response.destroy());
      },
    ],
    [
      'at the end of a stream that has brought nothing',
      'The stream ended before the answer came',
      ({ response }: { response: ServerResponse }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': hello\n\n');
      },
    ],
    [
      'with a gateway in between that gives up',
      'HTTP 502',
      ({ response }: { response: ServerResponse }) => void response.writeHead(502).end(),
    ],
  ])('that is cut off %s: nobody knows, and the call is not sent again', async (_, why, onCall) => {
    const server = await fakeHttpServer({ onCall });
    const manager = await managerOfServers({ web: { url: server.url } });
    expect(await settled(manager.runTool('mcp_web_echo', {}))).toEqual(lost(why));
    expect(server.count('call echo')).toBe(1);
  });

  test('that is no longer there has not run the call', async () => {
    const server = await fakeHttpServer();
    const manager = await managerOfServers({ web: { url: server.url } });
    await server.close();
    // The first may find a connection that was open just now, and cannot know how far it got.
    await settled(manager.runTool('mcp_web_echo', {}));
    expect(await settled(manager.runTool('mcp_web_echo', {}))).toBe(
      'MCP server "web" is not connected: ECONNREFUSED. The call was not run.',
    );
    expect(manager.listMcpServers()).toMatchObject([{ status: 'failed', error: 'ECONNREFUSED' }]);
  });

  test('that refuses a call has not run it', async () => {
    const server = await fakeHttpServer({ onCall: ({ response }) => void response.writeHead(403).end('Not yours') });
    const manager = await managerOfServers({ web: { url: server.url } });
    expect(await settled(manager.runTool('mcp_web_echo', {}))).toBe(
      'MCP server "web" refused the call: HTTP 403: Not yours. It was not run.',
    );
  });

  test('that changes its tools is looked at again', async () => {
    const server = await fakeHttpServer();
    const manager = await managerOfServers({ web: { url: server.url } });
    await vi.waitFor(() => expect(server.streams.size).toBe(1));
    server.setTools(['echo', 'more']);
    await vi.waitFor(() => expect(manager.getTool('mcp_web_more')).toBeDefined());
  });

  test('whose answer has no end is not read beyond 8 MiB', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    const server = await fakeHttpServer({
      onCall: async ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const closed = once(response, 'close');
        while (!response.destroyed) {
          if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed]);
        }
      },
    });
    const manager = await managerOfServers({ web: { url: server.url } });
    expect(await settled(manager.runTool('mcp_web_echo', {}))).toEqual(
      lost('The server sent a message of more than 8388608'),
    );
  });
});
