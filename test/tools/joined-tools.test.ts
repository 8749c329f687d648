import { describe, expect, test } from 'vitest';
import { joinTools } from '../../src/tools/joined-tools.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { tool } from './helpers.ts';

const [look, fly] = [tool('look', () => 'a lake'), tool('fly', () => 'up')];

describe('the tools of a run', () => {
  test('are those of the host when it starts, and the runtime’s', () => {
    const host = new ToolManager({ tools: [look] });
    const tools = joinTools(host, [fly]);
    host.registerTool(tool('late', () => 'too late'));
    expect(tools.listTools()).toEqual([fly, look]);
    expect([tools.getTool('look'), tools.getTool('fly'), tools.getTool('late')]).toEqual([look, fly, undefined]);
  });

  test('are run as the host has them now, if they are what was offered', () => {
    const host = new ToolManager({ tools: [look] });
    const tools = joinTools(host, []);
    const renewed = { ...look };
    host.registerTool(renewed, { replace: true });
    expect(tools.getTool('look')).toBe(renewed);
    const other = { ...look, fingerprint: 'another' };
    host.registerTool(other, { replace: true });
    expect(tools.getTool('look')).toBe(look);
  });

  test('have each name once', () => {
    expect(() => joinTools(new ToolManager({ tools: [look] }), [{ ...look }])).toThrow(
      'There is a tool "look" already',
    );
  });

  test('may be none', () => {
    expect(joinTools(undefined, []).listTools()).toEqual([]);
  });
});
