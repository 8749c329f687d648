import { describe, expect, test } from 'vitest';
import type { PermissionRule } from 'sagents';
import { toWorkspacePaths } from '../../../src/tools/permission/path-arguments.ts';
import { decide, workspace } from './helpers.ts';

describe('a path as rules read it', () => {
  test.each([
    ['.env', ['.env']],
    ['./.env', ['.env']],
    ['x/../.env', ['.env']],
    ['.//x/./y//', ['x/y']],
    [`${workspace}/.env`, ['.env']],
    [`${workspace}/../work/.env`, ['.env']],
    ['../work/.env', ['.env']],
    [`//${workspace}/x`, ['x']],
    ['.', ['.']],
    [workspace, ['.']],
    ['..', ['/home/u']],
    ['../other/x', ['/home/u/other/x']],
    ['/etc/passwd', ['/etc/passwd']],
    ['/etc/../etc/passwd/', ['/etc/passwd']],
    ['/home/u/workshop', ['/home/u/workshop']],
    ['..x', ['..x']],
    ['x\\..\\.env', ['x\\..\\.env', '.env']],
    ['', ['.']],
  ])('%j is %j', (path, read) => {
    expect(toWorkspacePaths(path, { workspace, folder: '.' })).toEqual(read);
  });

  test.each([
    ['C:\\work\\src\\a', ['C:\\work\\src\\a', 'src/a']],
    ['C:/work/./b', ['b']],
    ['src\\..\\b', ['src\\..\\b', 'b']],
    ['D:/work/b', ['D:/work/b']],
  ])('in a workspace with a drive %j is %j', (path, read) => {
    expect(toWorkspacePaths(path, { workspace: 'C:\\work', folder: '.' })).toEqual(read);
  });

  test('begins anywhere where the workspace is not known', () => {
    const read = (path: string) => toWorkspacePaths(path, { workspace: undefined, folder: '.' });
    expect([read('x/../.env'), read('../x/'), read('/a/./b')]).toEqual([['.env'], ['../x'], ['/a/b']]);
  });
});

test.each([
  ['a', ['agents/ann/a']],
  ['../../.env', ['.env']],
  ['../../../other', ['/home/u/other']],
  [`${workspace}/.env`, ['.env']],
  ['.', ['agents/ann']],
])('of an agent in a folder of the workspace %j is %j', (path, read) => {
  expect(toWorkspacePaths(path, { workspace, folder: 'agents/ann' })).toEqual(read);
});

describe('rules about paths', () => {
  const spellings = ['.env', './.env', 'x/../.env', `${workspace}/.env`, '../work/.env', './/.env/', 'x\\..\\.env'];

  test.each(spellings)('refuse and ask however it is written: %j', async (path) => {
    const secret = { tool: 'file_*', args: { file_path: '^\\.env$' } } as const;
    const full = { mode: 'full-access' } as const;
    for (const tool of ['file_read', 'file_write', 'file_update']) {
      const call = [tool, { file_path: path, content: '' }] as const;
      expect(await decide({ ...full, denies: [secret] }, ...call)).toMatchObject({ action: 'deny', by: 'deny' });
      expect(await decide({ ...full, rules: [{ ...secret, action: 'ask' }] }, ...call)).toMatchObject({
        action: 'ask',
      });
    }
  });

  test('go for folders that are listed and searched, and those a command is run in', async () => {
    const action = 'deny';
    const rules: readonly PermissionRule[] = [
      { tool: '*', args: { path: '^secret(/|$)' }, action },
      { tool: 'execute_shell_command', args: { workdir: '^secret(/|$)' }, action },
    ];
    for (const tool of ['list_dir', 'glob', 'grep']) {
      expect(await decide({ rules }, tool, { path: './x/../secret/', pattern: 'x' })).toMatchObject({ action });
    }
    expect(await decide({ rules }, 'execute_shell_command', { command: 'ls', workdir: './secret' })).toMatchObject({
      action,
    });
  });

  test.each([
    ['src/a.ts', 'allow'],
    ['./src/a.ts', 'allow'],
    [`${workspace}/src/a.ts`, 'allow'],
    ['src/../.git/hooks/pre-commit', 'deny'],
    ['src/../../x', 'deny'],
    ['src\\..\\.git\\config', 'deny'],
    ['/src/a.ts', 'deny'],
    ['srcs/a', 'deny'],
  ])('allow only what they mean: %j is %s', async (file_path, action) => {
    const rules: readonly PermissionRule[] = [{ tool: 'file_write', args: { file_path: '^src/' }, action: 'allow' }];
    expect(await decide({ mode: 'read-only', rules }, 'file_write', { file_path, content: '' })).toMatchObject({
      action,
    });
  });

  test('refuse what was written, too', async () => {
    const denies = [{ tool: 'file_read', args: { file_path: '\\.\\.' } }];
    expect(await decide({ denies }, 'file_read', { file_path: 'a/../b' })).toMatchObject({ action: 'deny' });
  });

  test('leave arguments of other tools as they are', async () => {
    const rules: readonly PermissionRule[] = [{ tool: 'send_mail', args: { text: '^a/\\.\\./b$' }, action: 'deny' }];
    expect(await decide({ rules }, 'send_mail', { text: 'a/../b' })).toMatchObject({ action: 'deny' });
    expect(await decide({ rules }, 'send_mail', { text: 'b' })).toMatchObject({ action: 'allow' });
  });
});
