import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { ToolProxy } from '../../src/tools/tool-proxy.ts';
import { defineTool } from '../../src/tools/tool.ts';
import { tool, toolContext } from './helpers.ts';

const look = tool('look', () => 'a lake');
const add = defineTool({
  name: 'add',
  description: 'Adds.',
  parameters: z.object({ a: z.number(), b: z.number().default(1) }),
  execute: ({ a, b }) => a + b,
});
const names = (tools: readonly { readonly name: string }[]) => tools.map(({ name }) => name);

describe('a tool manager', () => {
  test('lists its tools by name', () => {
    const manager = new ToolManager({ tools: [look] });
    manager.registerTool(add);
    expect(names(manager.listTools())).toEqual(['add', 'look']);
    expect(manager.listToolsSimplified()).toEqual([
      { name: 'add', description: 'Adds.' },
      { name: 'look', description: 'Does look.' },
    ]);
  });

  test('offers its tools as OpenAI has them', () => {
    expect(new ToolManager({ tools: [look] }).getOpenAITools()).toEqual([
      {
        type: 'function',
        function: { name: 'look', description: 'Does look.', parameters: { type: 'object', properties: {} } },
      },
    ]);
  });

  test('registers the tools among the exports of a module', () => {
    const manager = new ToolManager();
    manager.registerToolsFromObject({ look, add, version: 1, nothing: null, helper: () => 1, other: { execute: 1 } });
    expect(names(manager.listTools())).toEqual(['add', 'look']);
  });

  test('refuses a second tool of a name', () => {
    const again = expect.objectContaining({ code: 'invalid-argument', facts: { option: 'tools', given: 'look' } });
    expect(() => new ToolManager({ tools: [look, { ...look }] })).toThrow(again);
  });

  test('runs a tool with arguments it has checked, and gives back what it gives', async () => {
    expect(await new ToolManager({ tools: [add] }).runTool('add', { a: 2 }, toolContext())).toBe(3);
  });

  test('reads the progress of a tool to its end', async () => {
    const steps = tool('steps', async function* () {
      yield 'one';
      return 'two';
    });
    expect(await new ToolManager({ tools: [steps] }).runTool('steps', {}, toolContext())).toBe('two');
  });

  test('throws what a tool throws', async () => {
    const error = new Error('No lake.');
    const dry = tool('dry', () => {
      throw error;
    });
    await expect(new ToolManager({ tools: [dry] }).runTool('dry', {}, toolContext())).rejects.toBe(error);
  });

  test.each([
    ['an unknown tool, naming those it knows', 'fly', {}, 'Tool "fly" is unknown. Known tools: add, look.'],
    [
      'arguments that do not fit',
      'add',
      {},
      /^The arguments of tool "add" do not fit its parameters: a: Invalid input/,
    ],
  ])('refuses %s', async (_, name, args, message) => {
    const run = new ToolManager({ tools: [add, look] }).runTool(name, args, toolContext());
    await expect(run).rejects.toThrow(
      expect.objectContaining({ code: 'tool-error', facts: { tool: name }, message: expect.stringMatching(message) }),
    );
  });
});

describe('a tool proxy', () => {
  test('shows the tools it allows, and no other', () => {
    const proxy = new ToolProxy(new ToolManager({ tools: [look, add] }), { allow: ['look'] });
    expect(names(proxy.listTools())).toEqual(['look']);
    expect([proxy.getTool('look'), proxy.getTool('add')]).toEqual([look, undefined]);
  });

  test('may narrow another proxy', () => {
    const proxy = new ToolProxy(new ToolManager({ tools: [look, add] }), { allow: ['look', 'add'] });
    expect(names(new ToolProxy(proxy, { allow: ['add'] }).listTools())).toEqual(['add']);
  });

  test('refuses names its source does not know', () => {
    const refusal = expect.objectContaining({
      code: 'invalid-argument',
      facts: { option: 'allow', given: ['look', 'fly'], allowed: 'look' },
    });
    expect(() => new ToolProxy(new ToolManager({ tools: [look] }), { allow: ['look', 'fly'] })).toThrow(refusal);
  });
});
