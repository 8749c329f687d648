import { describe, expect, test } from 'vitest';
import { glob } from '../../../src/tools/builtin/glob.ts';
import { grep } from '../../../src/tools/builtin/grep.ts';
import { callTool, openWorkspace } from './helpers.ts';

describe('glob', () => {
  test('tells files, and whether there are more', async () => {
    await using sandbox = await openWorkspace();
    for (const name of ['a.ts', 'src/b.ts', '.env', 'node_modules/x/c.ts']) await sandbox.writeFile(name, '');
    const root = sandbox.workspace;
    const all = (await callTool(glob, { pattern: '*.ts' }, sandbox)) as { files: string[] };
    expect(all).toMatchObject({ root, count: 2, truncated: false });
    expect(all.files.toSorted()).toEqual([`${root}/a.ts`, `${root}/src/b.ts`]);
    expect(await callTool(glob, { pattern: '*.ts', head_limit: 1 }, sandbox)).toMatchObject({
      count: 1,
      truncated: true,
    });
    expect(await callTool(glob, { pattern: '.env' }, sandbox)).toMatchObject({ files: [`${root}/.env`] });
    expect(await callTool(glob, { pattern: 'env' }, sandbox)).toMatchObject({ files: [] });
    expect(await callTool(glob, { pattern: 'node_modules/**/*.ts' }, sandbox)).toMatchObject({ count: 1 });
    expect(await callTool(glob, { pattern: './*.ts' }, sandbox)).toMatchObject({ count: 1 });
    await expect(callTool(glob, { pattern: '../*' }, sandbox)).rejects.toThrow('leaves the folder');
  });
});

describe('grep', () => {
  test('tells lines with what is around them, names, or counts', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one\nTwo two\nthree\nfour\ntwo\n');
    const file = `${sandbox.workspace}/a.txt`;
    expect(await callTool(grep, { pattern: 'two', context_lines: 1 }, sandbox)).toEqual({
      tool: 'rg',
      output_mode: 'content',
      matches: [
        { file, line: 2, col: 5, line_text: 'Two two', context: { before: ['one'], after: ['three'] } },
        { file, line: 5, col: 1, line_text: 'two', context: { before: ['four'], after: [] } },
      ],
      count: 2,
      truncated: false,
    });
    const counted = await callTool(grep, { pattern: 'two', output_mode: 'count', case_insensitive: true }, sandbox);
    expect(counted).toMatchObject({ counts: [{ file, matches: 2 }], total: 2 });
    const limited = await callTool(grep, { pattern: 'o', head_limit: 3 }, sandbox);
    expect(limited).toMatchObject({ count: 3, truncated: true });
    const exact = await callTool(grep, { pattern: 'two', head_limit: 2 }, sandbox);
    expect(exact).toMatchObject({ count: 2, truncated: false });
  });

  test('lets a match span lines where asked to, and tells a pattern it cannot read', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one\ntwo\n');
    expect(await callTool(grep, { pattern: 'one.two' }, sandbox)).toMatchObject({ count: 0 });
    const spanning = await callTool(grep, { pattern: 'one.two', multiline: true }, sandbox);
    expect(spanning).toMatchObject({ count: 1, matches: [{ line: 1, line_text: 'one\ntwo' }] });
    await expect(callTool(grep, { pattern: '(' }, sandbox)).rejects.toThrow('unclosed group');
  });
});
