import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { listDir } from '../../../src/tools/builtin/list-dir.ts';
import { callTool, openWorkspace, startCall } from './helpers.ts';

async function tree(sandbox: Sandbox, args: Record<string, unknown> = {}): Promise<string> {
  return ((await callTool(listDir, args, sandbox)) as { tree: string }).tree;
}

async function make(sandbox: Sandbox, ...paths: string[]): Promise<void> {
  for (const path of paths) await sandbox.writeFile(path, '123');
}

describe('list_dir', () => {
  test('draws two levels of the workspace, and tells what it left out', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'README.md', 'src/a.ts', 'src/deep/b.ts', '.git/HEAD', 'src/.env');
    for await (const _ of sandbox.exec('mkdir empty; ln -s nowhere link')) continue;
    expect(await callTool(listDir, {}, sandbox)).toEqual({
      root: sandbox.workspace,
      depth: 2,
      tree: [
        'README.md (3)',
        'empty/',
        '  [empty]',
        'link (neither file nor folder)',
        'src/',
        '  a.ts (3)',
        '  deep/…',
        '  [1 hidden]',
        '[1 hidden]',
      ].join('\n'),
    });
  });

  test('draws another folder, as deep as asked, hidden entries included', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'src/a/b/c/d', 'src/.env');
    expect(await tree(sandbox, { path: 'src', depth: 3, include_hidden: true })).toBe(
      ['.env (3)', 'a/', '  b/', '    c/…'].join('\n'),
    );
  });

  test('shows so many entries of a folder, and counts the others', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'a', 'b', 'c', 'd');
    expect(await tree(sandbox, { max_items_per_dir: 2 })).toBe('a (3)\nb (3)\n[2 more]');
  });

  test('stops after 1,000 lines', async () => {
    await using sandbox = await openWorkspace();
    for await (const _ of sandbox.exec('mkdir $(seq 30) && for d in *; do (cd $d && touch $(seq 50)); done')) continue;
    const lines = (await tree(sandbox)).split('\n');
    expect(lines).toHaveLength(1_001);
    expect(lines.at(-1)).toBe('[the rest is left out: a tree has at most 1000 lines]');
  });

  test('tells of a folder below that cannot be read, and goes on', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'a/x', 'b/y');
    const list = (path: string) =>
      path.endsWith('/a') ? Promise.reject(new Error('no permission')) : sandbox.list(path);
    const troubled = { workspace: sandbox.workspace, list, stat: (path: string) => sandbox.stat(path) } as Sandbox;
    expect(await tree(troubled)).toBe('a/\n  [cannot be read: no permission]\nb/\n  y (3)');
  });

  test('draws no second line for a name with a line break', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'a\nb');
    expect(await tree(sandbox)).toBe('a\\nb (3)');
  });

  test('stops when the call is aborted', async () => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'a');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(startCall(listDir, {}, { sandbox, signal })).rejects.toThrow('stopped');
  });

  test.each(['missing', 'file', '..'])('refuses %s', async (path) => {
    await using sandbox = await openWorkspace();
    await make(sandbox, 'file');
    await expect(tree(sandbox, { path })).rejects.toMatchObject({
      code: 'sandbox-error',
      facts: { path: expect.any(String) },
    });
  });
});
