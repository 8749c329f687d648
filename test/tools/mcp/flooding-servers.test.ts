import { describe, expect, test, vi } from 'vitest';
import { fakeServer, managerOfServers, settled } from '../../support/mcp-stdio.ts';

describe('a server that floods us', () => {
  test('with progress is shown a little of it, and can be stopped', async () => {
    const { config, done } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const controller = new AbortController();
    const shown: string[] = [];
    const onProgress = (text: string) => {
      shown.push(text);
      if (shown.length === 3) controller.abort(new Error('Enough.'));
    };
    const call = manager.runTool('mcp_fake_flood', {}, { signal: controller.signal, onProgress });
    expect(await settled(call)).toBe('Enough.');
    expect(shown.map((text) => text.length)).toEqual([1_000, 1_000, 1_000]);
    // Thousands of pieces came in the time of three.
    expect(Number(shown[2]?.split(' ')[0])).toBeGreaterThan(100);
    await vi.waitFor(() => expect(done()).toContain('cancelled'));
    expect(await manager.runTool('mcp_fake_echo', { text: 'there' })).toBe('there');
  });

  test('with a message beyond all measure is ended, and the call may have run', async () => {
    const { config, running } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    expect(await settled(manager.runTool('mcp_fake_huge', { text: '100000000' }))).toMatch(
      /it sent a message of more than 8388608 bytes\. The call may or may not have run/,
    );
    await vi.waitFor(() => expect(running()).toEqual([]));
    expect(manager.listMcpServers()).toMatchObject([{ status: 'failed' }]);
  });

  test('with a result that is only long is read, and cut where the model is given it', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    expect(await manager.runTool('mcp_fake_huge', { text: '5000000' })).toHaveLength(5_000_000);
  });

  test.each([
    ['a thousand tools', 1_000, 500, ['all but the first 500 tools']],
    ['pages without end', 'endless', 100, ['what follows 100 pages']],
    [
      'pages in a circle',
      'circle',
      2,
      [
        'what follows: the server gives the same page again and again',
        expect.stringContaining('round: it would be called'),
      ],
    ],
  ] as const)('with %s is listed to a limit, and says so', async (_, tools, most, leftOut) => {
    const { config } = await fakeServer({ tools });
    const manager = await managerOfServers({ fake: config });
    const [status] = manager.listMcpServers();
    expect(status?.leftOut).toEqual(leftOut);
    expect(manager.listTools().length).toBeLessThanOrEqual(most);
    expect(status?.tools).toHaveLength(manager.listTools().length);
  });
});

describe('tools that cannot be offered', () => {
  test('are left out, each with its reason, and the others are there', async () => {
    const { config } = await fakeServer({ tools: 'odd' });
    const manager = await managerOfServers({ fake: { ...config, tools: { 'good?': { disabled: true } } } });
    const [status] = manager.listMcpServers();
    expect(status).toMatchObject({
      status: 'connected',
      tools: ['mcp_fake_good', 'mcp_fake_good_', 'mcp_fake_unreadable'],
    });
    expect(status?.leftOut).toEqual([
      expect.stringMatching(/^list: inputSchema\.type: /),
      expect.stringMatching(/^a tool without a name: name: /),
      'long: its definition is longer than 65536 bytes',
      expect.stringMatching(/^a tool without a name: /),
    ]);
  });

  test('because two would have one name: the second is left out', async () => {
    const { config } = await fakeServer({ tools: 'odd' });
    const manager = await managerOfServers({ fake: config });
    expect(manager.listMcpServers()[0]?.leftOut).toContain('good?: it would be called mcp_fake_good_, as good! is');
  });

  test('because a tool of the host has their name stand back', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const echo = manager.getTool('mcp_fake_echo');
    if (echo === undefined) throw new Error('The server offers no echo.');
    expect(() => manager.registerTool(echo)).toThrow('There is a tool "mcp_fake_echo" already');
    manager.registerTool(echo, { replace: true });
    expect(manager.listMcpServers()[0]?.leftOut).toEqual(['mcp_fake_echo: another tool has this name']);
    expect(manager.listTools().filter(({ name }) => name === 'mcp_fake_echo')).toHaveLength(1);
  });

  test('by a schema that we cannot check are checked by their server', async () => {
    const { config } = await fakeServer({ tools: 'odd' });
    const manager = await managerOfServers({ fake: config });
    expect(await manager.runTool('mcp_fake_unreadable', { at: 1 })).toBe('{"at":1}');
    await expect(manager.runTool('mcp_fake_unreadable', [])).rejects.toThrow('An object is expected');
  });
});

describe('a server that answers oddly', () => {
  test.each([
    ['fail', 'Tool "mcp_fake_fail" answered with an error: The disk is full.'],
    ['fields', 'Tool "mcp_fake_fields" answered with an error: {"reason":"full"}'],
    ['mute', 'Tool "mcp_fake_mute" answered with an error: it does not say which.'],
    ['garbage', expect.stringMatching(/^MCP server "fake" answered with an error: its answer is no valid result/)],
  ])('with %s is told to the model', async (name, message) => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    expect(await settled(manager.runTool(`mcp_fake_${name}`, {}))).toEqual(message);
  });

  test('tells no secret of its config in errors and progress; its data is its own', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: { ...config, env: { API_TOKEN: 'sk-tell"nobody' } } });
    const progress: string[] = [];
    const leak = (text: string) =>
      settled(manager.runTool('mcp_fake_leak', { text }, { onProgress: (news) => progress.push(news) }));
    expect(await leak('as an error')).toBe('Tool "mcp_fake_leak" answered with an error: 401 for token [secret]');
    expect(progress).toEqual([expect.stringMatching(/^1 x+401 for token \[sec$/)]);
    expect(progress.join()).not.toContain('sk-');
    expect(await leak('as data')).toBe('401 for token sk-tell"nobody');
  });
});
