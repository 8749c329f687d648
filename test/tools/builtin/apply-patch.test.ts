import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { applyPatch } from '../../../src/tools/builtin/apply-patch/apply-patch.ts';
import { callTool, openWorkspace } from './helpers.ts';

const patchOf = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');
const apply = (sandbox: Sandbox, ...lines: string[]) => callTool(applyPatch, { patch: patchOf(...lines) }, sandbox);
const textOf = async (sandbox: Sandbox, path: string) => Buffer.from(await sandbox.readFile(path)).toString();

describe('apply_patch', () => {
  test('adds, changes, moves and deletes files', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one\ntwo\nthree\n');
    await sandbox.writeFile('old.txt', 'x\ny');
    await sandbox.writeFile('gone.txt', '');
    const lines = [
      '*** Add File: new/file.txt',
      '+first',
      '+',
      '*** Update File: a.txt',
      '@@',
      ' one',
      '-two',
      '+zwei',
      '+2',
    ];
    const more = ['*** Update File: old.txt', '*** Move to: moved.txt', '@@', '-x', '+X', '*** Delete File: gone.txt'];
    expect(await apply(sandbox, ...lines, ...more)).toEqual({
      success: true,
      files_changed: 5,
      changes: [
        { type: 'add', path: 'new/file.txt' },
        { type: 'update', path: 'a.txt' },
        { type: 'update', path: 'old.txt', move_to: 'moved.txt' },
        { type: 'delete', path: 'gone.txt' },
      ],
    });
    expect(await textOf(sandbox, 'new/file.txt')).toBe('first\n\n');
    expect(await textOf(sandbox, 'a.txt')).toBe('one\nzwei\n2\nthree\n');
    expect(await textOf(sandbox, 'moved.txt')).toBe('X\ny');
    expect((await sandbox.list('.')).map(({ path }) => path.split('/').at(-1))).toEqual(['a.txt', 'moved.txt', 'new']);
  });

  test('keeps line breaks, and the bytes of lines that only look alike', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one  \r\ntwo\r\nthree');
    await apply(sandbox, '*** Update File: a.txt', '@@', ' one', '-two', '+zwei', ' three', '+four', '*** End of File');
    expect(await textOf(sandbox, 'a.txt')).toBe('one  \r\nzwei\r\nthree\r\nfour');
  });

  test('finds the right one of several places by the line above, and by the end', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'def a\n  pass\ndef b\n  pass\n');
    await apply(sandbox, '*** Update File: a.txt', '@@ def b', '-  pass', '+  return', '@@', '+# end');
    expect(await textOf(sandbox, 'a.txt')).toBe('def a\n  pass\ndef b\n  return\n# end\n');
  });

  test.each([
    ['a hunk that is nowhere', ['*** Update File: a.txt', '@@', '-three'], 'Hunk 1 of "a.txt" is not in the file.'],
    ['a hunk in two places', ['*** Update File: a.txt', '@@', '-same', '+x'], 'Hunk 1 of "a.txt" is in 2 places.'],
    ['a new file that exists', ['*** Add File: a.txt', '+x'], '"a.txt" exists already.'],
    ['a missing file', ['*** Delete File: none.txt'], '"none.txt" does not exist.'],
    ['a path that leaves the workspace', ['*** Add File: ../x', '+x'], 'must be a path relative to the workspace'],
    ['a path into .git', ['*** Add File: .git/hooks/pre-commit', '+x'], 'and not in .git'],
    ['a line that is none', ['*** Update File: a.txt', '@@', 'same'], 'Line 4 must begin with'],
    ['a file named twice', ['*** Delete File: a.txt', '*** Delete File: a.txt'], '"a.txt" is changed twice.'],
    ['nothing', [], 'The patch changes nothing.'],
  ])('refuses %s, and changes nothing', async (_, lines, reason) => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'same\nsame\n');
    await expect(
      apply(sandbox, ...(lines.length === 0 ? [] : ['*** Add File: other.txt', '+x']), ...lines),
    ).rejects.toThrow(lines.length === 0 ? reason : reason.replace('Line 4', 'Line 6').replace('Line 3', 'Line 5'));
    expect((await sandbox.list('.')).length).toBe(1);
    expect(await textOf(sandbox, 'a.txt')).toBe('same\nsame\n');
  });

  test('takes back what it has written when a later write fails', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one\n');
    await sandbox.writeFile('b', 'a file where a folder is needed');
    const call = apply(sandbox, '*** Update File: a.txt', '@@', '-one', '+two', '*** Add File: b/c.txt', '+x');
    await expect(call).rejects.toThrow('The patch could not be written');
    expect(await textOf(sandbox, 'a.txt')).toBe('one\n');
  });
});
