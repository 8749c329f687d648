import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PermissionEngine, SAgent, textOf, ToolProxy, type PermissionOptions, type ToolManager } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { describe, expect, test, vi } from 'vitest';
import { toolNameOf, toolPrefixOf } from '../../../src/tools/mcp/tool-name.ts';
import { temporaryWorkspace } from '../../sandbox/helpers.ts';
import { fakeServer, managerOfServers } from '../../support/mcp-stdio.ts';

const dead = { command: 'no-such-program' };

/** What checking a rule about this tool against the tools of a manager comes to. */
const refusalOf = (tools: ToolManager | ToolProxy, tool: string, more: object = {}): string | undefined => {
  try {
    new PermissionEngine({ denies: [{ tool, ...more }] }).check(tools);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

/** What one call came to in a run, as the model was told. */
async function runCall(toolManager: ToolManager, permissions: PermissionOptions, name: string) {
  const root = await temporaryWorkspace();
  await using agent = new SAgent({ sessionRootSpace: root, sandboxType: 'passthrough' });
  const run = agent.runStream({
    inputMessages: [{ role: 'user', content: 'Do it.' }],
    model: scriptedModel([{ toolCalls: [{ name, arguments: { text: 'hi' } }] }, 'Done.']),
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: '',
    maxLoopCount: 10,
    sandboxAgentWorkspace: root,
    agentMode: 'simple',
    toolManager,
    permissions,
  });
  const results: string[] = [];
  for await (const chunks of run) {
    for (const chunk of chunks) if (chunk.message_type === 'tool_call_result') results.push(textOf(chunk));
  }
  return results[0];
}

describe('a rule about a server that is down', () => {
  test('lets a run begin, in which the others work', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ dead, good: config });
    const permissions = { denies: [{ tool: 'mcp_dead_delete_*', args: { path: '^x' } }] };
    expect(await runCall(manager, permissions, 'mcp_good_echo')).toBe('hi');
  });

  test('holds when the server has come up', { timeout: 90_000 }, async () => {
    const { config, done } = await fakeServer();
    const cwd = join(await temporaryWorkspace(), 'later');
    const manager = await managerOfServers({ late: { ...config, cwd } });
    const permissions = { denies: [{ tool: 'mcp_late_ec*', args: { text: '^h' } }] };
    expect(await runCall(manager, permissions, 'mcp_late_echo')).toContain('TOOL_NOT_FOUND');
    mkdirSync(cwd);
    // Each time it is down, the next try comes later.
    const hasCome = () => expect(manager.listTools().map(({ name }) => name)).toContain('mcp_late_echo');
    await vi.waitFor(hasCome, { timeout: 60_000, interval: 200 });
    expect(await runCall(manager, permissions, 'mcp_late_echo')).toMatch(/PERMISSION_DENIED.*permissions\.denies\[0\]/);
    expect(done()).not.toContain('called echo');
    expect(refusalOf(manager, 'mcp_late_nothing')).toContain('names no tool');
    expect(refusalOf(manager, 'mcp_late_echo', { args: { nothing: 'x' } })).toContain('names an argument');
  });

  test('may be about several servers, and about one that is disabled', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ 'dead': dead, 'off.line': { ...config, disabled: true } });
    for (const tool of ['mcp_dead_*', 'mcp_de*', 'mcp_*', 'mcp_dead_drop', 'mcp_off_line_*', 'mcp_?ead_*']) {
      expect([tool, refusalOf(manager, tool)]).toEqual([tool, undefined]);
    }
  });

  test.each(['mcp_other_*', 'mcp_deadly_*', 'mcp_dea_x', 'dead_*', '*_delete', 'delete'])(
    'is still refused where it names none that is registered: %s',
    async (tool) => {
      expect(refusalOf(await managerOfServers({ dead }), tool)).toContain('names no tool');
    },
  );

  test('is refused in a proxy that has none of its tools', async () => {
    const { config } = await fakeServer();
    const manager = await managerOfServers({ dead, good: config });
    const proxy = new ToolProxy(manager, { allow: ['mcp_good_echo'] });
    expect(refusalOf(proxy, 'mcp_dead_*')).toContain('names no tool');
    expect(refusalOf(manager, 'mcp_dead_*')).toBeUndefined();
  });
});

test.each(['s', 'a.b', 'x'.repeat(50), 'x'.repeat(80)])(
  'the names of all tools of a server begin alike: %s',
  (server) => {
    for (const tool of ['t', 'tool.with/odd', 'y'.repeat(90)]) {
      expect(toolNameOf(server, tool).startsWith(toolPrefixOf(server))).toBe(true);
    }
  },
);
