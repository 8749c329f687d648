import { describe, expect, test } from 'vitest';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { tool } from './helpers.ts';

const [look, stare, fly] = [tool('look', () => 'a lake'), tool('stare', () => 'a sea'), tool('fly', () => 'up')];
const otherLook = tool('look', () => 'a pond');
const clash = expect.objectContaining({ code: 'invalid-argument', facts: { option: 'tools', given: 'look' } });
const names = (manager: ToolManager) => manager.listTools().map(({ name }) => name);

describe('tools that are registered', () => {
  test('together are all there, or none is', () => {
    const manager = new ToolManager({ tools: [look] });
    expect(() => manager.registerTools([fly, otherLook])).toThrow(clash);
    expect(names(manager)).toEqual(['look']);
    manager.registerTools([stare, fly]);
    expect(names(manager)).toEqual(['fly', 'look', 'stare']);
  });

  test('twice are the same tools', () => {
    const manager = new ToolManager({ tools: [look, look] });
    manager.registerTools([look, stare, stare]);
    expect(names(manager)).toEqual(['look', 'stare']);
    expect(() => manager.registerTools([stare, tool('stare', () => 'a sea')])).toThrow(
      'There is a tool "stare" already',
    );
  });

  test('take the place of others only if they are told to', () => {
    const manager = new ToolManager({ tools: [look] });
    manager.registerTool(otherLook, { replace: true });
    expect(manager.getTool('look')).toBe(otherLook);
    expect(() => manager.registerTools([look, otherLook], { replace: true })).toThrow(clash);
  });

  test('are the same bytes to the API, in whatever order they come', () => {
    const bytes = [
      [look, stare, fly],
      [fly, look, stare],
    ].map((tools) => JSON.stringify(new ToolManager({ tools }).getOpenAITools()));
    expect(bytes[0]).toBe(bytes[1]);
  });
});
