import { describe, expect, test } from 'vitest';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { unknownTool } from '../../src/tools/unknown-tool.ts';
import { tool } from './helpers.ts';

const managerOf = (...names: readonly string[]) => new ToolManager({ tools: names.map((name) => tool(name, () => 1)) });
const things = Array.from({ length: 1_000 }, (_, at) => `thing_${at}`);

describe('a tool that is unknown', () => {
  test('is told with all names while they are few', () => {
    expect(unknownTool('fly', managerOf('look', 'add')).message).toBe('Tool "fly" is unknown. Known tools: add, look.');
    expect(unknownTool('fly', managerOf()).message).toBe('Tool "fly" is unknown. No tool is offered.');
  });

  test.each([
    ['read_file', 'file_read, mcp_files_read_file'],
    ['createIssue', 'mcp_github_create_issue'],
    ['mcp_files_read', 'mcp_files_read_file, file_read'],
  ])('among many is told with those it may be: %s', (name, near) => {
    const manager = managerOf(...things.slice(0, 100), 'file_read', 'mcp_files_read_file', 'mcp_github_create_issue');
    expect(unknownTool(name, manager).message).toContain(`"${name}" is unknown. Known tools like it: ${near}`);
  });

  test('among many that are all unlike is told with their number', () => {
    expect(unknownTool('spell', managerOf(...things)).message).toBe(
      'Tool "spell" is unknown. There are 1000 tools, none of a name like it.',
    );
  });

  test('is told in a line, however many tools there are and however long its name is', () => {
    const { message } = unknownTool(`thing${'g'.repeat(10_000)}`, managerOf(...things));
    expect(message).toMatch(/^Tool "thingg+…" is unknown\. Known tools like it: (thing_\d+[,;] ){5}and 995 others\.$/);
    expect(message.length).toBeLessThan(300);
  });

  test('is told with the tool that finds others, where it is offered', () => {
    const { message } = unknownTool('spell', managerOf(...things, 'tool_expand_tools'));
    expect(message).toMatch(/none of a name like it\. tool_expand_tools finds tools by what they do\.$/);
  });
});
