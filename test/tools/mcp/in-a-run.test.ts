import { isSageError, SAgent, textOf, type ToolManager } from 'sagents';
import { scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import { describe, expect, test, vi } from 'vitest';
import { temporaryWorkspace } from '../../sandbox/helpers.ts';
import { fakeServer, managerOfServers, settled } from '../../support/mcp-stdio.ts';

const call = (name: string, args: object = {}) => ({ toolCalls: [{ name, arguments: args }] });

/** One run with these answers of the model: the results of its calls, and the tools each request offered. */
async function runWith(manager: ToolManager, turns: readonly ScriptedAnswer[]) {
  const root = await temporaryWorkspace();
  await using agent = new SAgent({ sessionRootSpace: root, sandboxType: 'passthrough' });
  const model = scriptedModel([...turns, 'Done.']);
  const run = agent.runStream({
    inputMessages: [{ role: 'user', content: 'Do it.' }],
    model,
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: '',
    maxLoopCount: 10,
    sandboxAgentWorkspace: root,
    agentMode: 'simple',
    toolManager: manager,
  });
  const results: string[] = [];
  for await (const chunks of run) {
    for (const chunk of chunks) if (chunk.message_type === 'tool_call_result') results.push(textOf(chunk));
  }
  return { results, offered: model.requests.map(({ tools = [] }) => JSON.stringify(tools)) };
}

describe('the tools of MCP servers in a run', () => {
  test('ask, and nobody answers here: the server is not called', async () => {
    const { config, done } = await fakeServer();
    const { approval: _, ...asking } = config;
    const manager = await managerOfServers({ fake: asking });
    const { results } = await runWith(manager, [call('mcp_fake_echo', { text: 'hi' })]);
    expect(results[0]).toMatch(/"error_code":"PERMISSION_DENIED".*needs approval/);
    expect(done()).not.toContain('called echo');
  });

  test('are held by the floor where the config says which argument is a command', async () => {
    const { config, done } = await fakeServer();
    const tools = { echo: { shell: { command: 'text' } } };
    const manager = await managerOfServers({ fake: { ...config, tools } });
    const { results } = await runWith(manager, [call('mcp_fake_echo', { text: 'ls; rm -rf / #' })]);
    expect(results[0]).toMatch(/PERMISSION_DENIED.*nothing allows that/);
    expect(done()).not.toContain('called echo');
    expect((await runWith(manager, [call('mcp_fake_echo', { text: 'echo hi' })])).results).toEqual(['echo hi']);
  });

  test('are not offered where the config names an argument that they do not have', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: { ...config, tools: { echo: { shell: { command: 'cmd' } } } } });
    const [status] = manager.listMcpServers();
    expect(status?.tools).not.toContain('mcp_fake_echo');
    expect(status?.leftOut).toContainEqual(
      expect.stringMatching(/^echo: shell\.command of tool "mcp_fake_echo" cannot be cmd/),
    );
  });

  test('run where their config allows it', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    expect((await runWith(manager, [call('mcp_fake_echo', { text: 'hi' })])).results).toEqual(['hi']);
  });

  test('are the same from its first request to its last, and one that is gone is an error', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    const turns: ScriptedAnswer[] = [
      call('mcp_fake_remove'),
      async () => {
        await vi.waitFor(() => expect(manager.getTool('mcp_fake_echo')).toBeUndefined());
        return call('mcp_fake_echo', { text: 'hi' });
      },
    ];
    const { results, offered } = await runWith(manager, turns);
    expect(results[1]).toMatch(/Tool \\"mcp_fake_echo\\" is gone: MCP server \\"fake\\" no longer has it\. It has: /);
    expect(new Set(offered).size).toBe(1);
    expect(offered[0]).toContain('mcp_fake_echo');
    expect((await runWith(manager, [])).offered[0]).not.toContain('mcp_fake_echo');
  });

  test('of a server that is down come back with it', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ fake: config });
    await settled(manager.runTool('mcp_fake_die', {}));
    expect((await runWith(manager, [call('mcp_fake_echo', { text: 'back' })])).results).toEqual(['back']);
  });
});

test('what is wrong with a config is an error one can recognise', async () => {
  const manager = await managerOfServers({});
  const error: unknown = await manager.registerMcpServers({ a: { command: '${NOT_SET}' } }, { variables: {} }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isSageError(error, 'invalid-argument')).toBe(true);
});
