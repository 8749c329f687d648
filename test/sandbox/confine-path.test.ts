import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { confineName, confinePath as confine } from '../../src/sandbox/confine-path.ts';
import type { Root, Roots } from '../../src/sandbox/roots.ts';
import { temporaryWorkspace } from './helpers.ts';

const confinePath = (workspace: string, path: string) => confine(rootsOf(workspace), path);

function rootsOf(...folders: [string, ...string[]]): Roots {
  const [first, ...rest] = folders.map((path) => ({ path, real: path }));
  return [first as Root, ...rest];
}

describe('a path of the agent', () => {
  test('is relative to the workspace, or absolute in it', async () => {
    const workspace = await temporaryWorkspace();
    expect(await confinePath(workspace, 'a/b.txt')).toBe(join(workspace, 'a/b.txt'));
    expect(await confinePath(workspace, join(workspace, 'a/../b'))).toBe(join(workspace, 'b'));
    expect(await confinePath(workspace, '.')).toBe(workspace);
    expect(await confinePath('/', '/etc')).toBe('/etc');
  });

  test('is resolved through links, existing and dangling', async () => {
    const workspace = await temporaryWorkspace();
    await mkdir(join(workspace, 'real'));
    await symlink('real', join(workspace, 'link'));
    await symlink('link/made-later', join(workspace, 'dangling'));
    expect(await confinePath(workspace, 'link/x/y')).toBe(join(workspace, 'real/x/y'));
    expect(await confinePath(workspace, 'dangling/y')).toBe(join(workspace, 'real/made-later/y'));
  });

  test('may reach the workspace by another name of it', async () => {
    const [workspace, elsewhere] = [await temporaryWorkspace(), await temporaryWorkspace()];
    await symlink(workspace, join(elsewhere, 'alias'));
    expect(await confinePath(workspace, join(elsewhere, 'alias/x'))).toBe(join(workspace, 'x'));
  });
});

describe('a path that leaves the workspace', () => {
  test('is refused with what to do instead', async () => {
    await expect(confinePath('/no/such', '../x')).rejects.toMatchObject({
      code: 'sandbox-error',
      facts: { path: '../x' },
      message: '"../x" is outside the workspace "/no/such". Give a path inside, absolute or relative to the workspace.',
    });
  });

  test('is refused beside a workspace whose name it begins with', async () => {
    const workspace = await temporaryWorkspace();
    await expect(confinePath(workspace, `${workspace}2/x`)).rejects.toThrow('outside the workspace');
  });

  test('tells where a link leads', async () => {
    const workspace = await temporaryWorkspace();
    await symlink('/etc', join(workspace, 'link'));
    await expect(confinePath(workspace, 'link/made/up')).rejects.toThrow(
      `"link/made/up" leads to "/etc/made/up", which is outside the workspace "${workspace}".`,
    );
  });

  test.each([
    ['a link to itself', 'circle', 'is a symbolic link that leads to itself'],
    ['a file used as a folder', 'file/x', 'is not a folder, or goes through something that is none'],
    ['a name too long', 'x'.repeat(256), 'has a name that is too long'],
    ['a NUL', 'a\0b', 'cannot be used'],
  ])('or that no file can have is refused: %s', async (_, path, message) => {
    const workspace = await temporaryWorkspace();
    await symlink('circle', join(workspace, 'circle'));
    await writeFile(join(workspace, 'file'), '');
    await expect(confinePath(workspace, path)).rejects.toThrow(message);
  });
});

describe('a path into a mount', () => {
  test('is allowed, and the refusal of another names the mounts', async () => {
    const [workspace, mount] = [await temporaryWorkspace(), await temporaryWorkspace()];
    const roots = rootsOf(workspace, mount);
    expect(await confine(roots, join(mount, 'x'))).toBe(join(mount, 'x'));
    await symlink(mount, join(workspace, 'link'));
    expect(await confine(roots, 'link/x')).toBe(join(mount, 'x'));
    await expect(confine(roots, '/etc/passwd')).rejects.toThrow(`and the mounts "${mount}"`);
  });
});

describe('a name of the agent', () => {
  test('is the link itself, and never a root or what holds one', async () => {
    const workspace = await temporaryWorkspace();
    await symlink('/etc', join(workspace, 'link'));
    await mkdir(join(workspace, 'a/mount'), { recursive: true });
    const roots = rootsOf(workspace, join(workspace, 'a/mount'));
    expect(await confineName(roots, 'link')).toBe(join(workspace, 'link'));
    for (const path of ['.', 'a', 'a/mount', 'link/..']) {
      await expect(confineName(roots, path)).rejects.toThrow('which stay where they are');
    }
    await expect(confineName(roots, 'link/passwd')).rejects.toThrow('outside the workspace');
  });
});
