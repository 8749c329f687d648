import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { temporaryWorkspace } from '../sandbox/helpers.ts';

const described = (name: string) =>
  `export const source = 1; export const tools = { ${name}: { description: 'Does ${name}.' } }; export const ${name} = () => '${name}';`;

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryWorkspace();
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

describe('a folder of modules', () => {
  test('gives the tools they export, in the order of their names', async () => {
    const folder = await folderOf({
      'b.mjs': described('second'),
      'a.js': described('first'),
      'c.ts': `const typed: string = 'third';\n${described('third')}`,
      'notes.md': 'no module',
      'types.d.ts': 'this would not load',
    });
    await mkdir(join(folder, 'within'));
    await writeFile(join(folder, 'within', 'z.js'), described('hidden'));
    const manager = new ToolManager();
    const tools = await manager.registerToolsFromFolder(folder);
    expect(tools.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    expect(await manager.runTool('third', {})).toBe('third');
  });

  test('with a module that cannot be loaded names it, and registers nothing', async () => {
    const folder = await folderOf({ 'a.mjs': described('good'), 'broken.mjs': 'throw new Error("No licence.")' });
    const manager = new ToolManager();
    const refusal = expect.objectContaining({
      code: 'invalid-argument',
      message: expect.stringMatching(/broken\.mjs cannot be loaded: No licence\.$/),
    });
    await expect(manager.registerToolsFromFolder(folder)).rejects.toThrow(refusal);
    expect(manager.listTools()).toEqual([]);
  });

  test('gives each tool once, however often and wherever it is exported', async () => {
    const tool = `const weather = { name: 'weather', description: '', inputSchema: {}, execute: () => 'rain' };`;
    const folder = await folderOf({
      'described.mjs': described('first'),
      'index.mjs': `export * from './weather.mjs'; export * from './described.mjs'; export * from './house.mjs';`,
      'house.mjs': `class House { static tools = { open: { description: 'Opens.' } }; open() { return 'open'; } }
        export const house = new House(); export default house;`,
      'list.mjs': `import { weather } from './weather.mjs'; export default [weather];`,
      'weather.mjs': `${tool} export { weather }; export default weather;`,
    });
    const manager = new ToolManager();
    const tools = await manager.registerToolsFromFolder(folder);
    expect(tools.map(({ name }) => name)).toEqual(['first', 'open', 'weather']);
    expect(await manager.runTool('open', {})).toBe('open');
  });

  test('with a module that gives no tool names it, and registers nothing', async () => {
    const folder = await folderOf({
      'a.mjs': described('good'),
      'helpers.mjs': 'export const config = { tools: ["hammer"] }; export const two = 2;',
    });
    const manager = new ToolManager();
    await expect(manager.registerToolsFromFolder(folder)).rejects.toThrow(
      /helpers\.mjs cannot be loaded: It exports none/,
    );
    expect(manager.listTools()).toEqual([]);
  });

  test('refuses names that are there already, unless they are to be replaced', async () => {
    const manager = new ToolManager();
    await manager.registerToolsFromFolder(await folderOf({ 'a.mjs': described('first') }));
    const again = await folderOf({ 'b.mjs': described('first') });
    await expect(manager.registerToolsFromFolder(again)).rejects.toThrow('There is a tool "first" already');
    await manager.registerToolsFromFolder(again, { replace: true });
    expect(manager.listTools()).toHaveLength(1);
  });

  test('that is not there says so', async () => {
    await expect(new ToolManager().registerToolsFromFolder('/no/such/folder')).rejects.toThrow(
      'cannot be read: ENOENT',
    );
  });
});
