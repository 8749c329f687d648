import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAll } from '../helpers.ts';
import { openLocal, temporaryRoot } from './helpers.ts';

/** A folder of the host with a file in it, writable for everybody. */
async function hostFolder(root: string, name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await chmod(folder, 0o777);
  await writeFile(join(folder, 'file'), name);
  return folder;
}

describe('a mount of the local sandbox', { timeout: 30_000 }, () => {
  test('is there under its own path, for commands and file operations', async () => {
    const root = await temporaryRoot();
    const hostPath = await hostFolder(root, 'docs');
    await using sandbox = await openLocal({ root, mounts: [{ hostPath, mountPath: '/mnt/docs' }] });
    expect(sandbox.mounts).toEqual([{ hostPath, mountPath: '/mnt/docs' }]);
    expect((await readAll(sandbox.exec('cat /mnt/docs/file; echo new > /mnt/docs/new'))).stdout).toBe('docs');
    expect(await readFile(join(hostPath, 'new'), 'utf8')).toBe('new\n');
    await sandbox.writeFile('/mnt/docs/other', 'by the helper');
    await sandbox.move('/mnt/docs/other', 'moved');
    expect((await readAll(sandbox.exec('cat moved'))).stdout).toBe('by the helper');
    expect((await sandbox.glob('*', { path: '/mnt/docs' })).files.length).toBe(2);
    await expect(sandbox.remove('/mnt/docs')).rejects.toThrow('which stay where they are');
    await expect(sandbox.readFile(hostPath)).rejects.toThrow('outside the workspace');
  });

  test('that is read-only is neither written nor deleted in, by whatever way', async () => {
    const root = await temporaryRoot();
    const hostPath = await hostFolder(root, 'docs');
    await using sandbox = await openLocal({ root, mounts: [{ hostPath, mountPath: '/docs', readOnly: true }] });
    for (const command of [
      'echo x > /docs/new',
      'rm /docs/file',
      'mv /docs/file /docs/x',
      'mount -o remount,rw /docs',
      'chmod 0 /docs/file',
    ]) {
      const { exitCode } = await readAll(sandbox.exec(command));
      expect([command, exitCode === 0]).toEqual([command, false]);
    }
    await expect(sandbox.writeFile('/docs/file', 'x')).rejects.toMatchObject({ code: 'sandbox-error' });
    await expect(sandbox.remove('/docs/file')).rejects.toMatchObject({ code: 'sandbox-error' });
    expect(await readFile(join(hostPath, 'file'), 'utf8')).toBe('docs');
  });

  test('within another keeps its own rule', async () => {
    const root = await temporaryRoot();
    const [outer, inner] = [await hostFolder(root, 'outer'), await hostFolder(root, 'inner')];
    await mkdir(join(outer, 'in'));
    const mounts = [
      { hostPath: inner, mountPath: '/outer/in', readOnly: true },
      { hostPath: outer, mountPath: '/outer' },
    ];
    await using sandbox = await openLocal({ root, mounts });
    expect((await readAll(sandbox.exec('cat /outer/in/file; touch /outer/x /outer/in/x'))).stdout).toBe('inner');
    expect((await readAll(sandbox.exec('ls /outer /outer/in'))).stdout).toBe(
      '/outer:\nfile\nin\nx\n\n/outer/in:\nfile\n',
    );
  });

  test.each([
    ['/', 'would cover the workspace'],
    ['/usr/share', 'would cover "/usr"'],
    ['/proc', 'would cover "/proc"'],
    ['/a/../etc', 'needs an absolute mountPath'],
  ])('at %s is refused', async (mountPath, reason) => {
    const root = await temporaryRoot();
    const hostPath = await hostFolder(root, 'docs');
    const refusal = { code: 'sandbox-unavailable', message: expect.stringContaining(reason) };
    await expect(openLocal({ root, mounts: [{ hostPath, mountPath }] })).rejects.toMatchObject(refusal);
  });

  test('of what is not there is refused', async () => {
    const mounts = [{ hostPath: '/no/such/folder', mountPath: '/docs' }];
    await expect(openLocal({ mounts })).rejects.toMatchObject({ code: 'sandbox-unavailable' });
  });
});

describe.runIf(process.getuid?.() === 0)('as root', { timeout: 30_000 }, () => {
  test('a workspace that is made gets a user of its own, and keeps it', async () => {
    const root = await temporaryRoot();
    const idIn = async (name: string) => {
      await using sandbox = await openLocal({ root, workspace: join(root, name) });
      return Number((await readAll(sandbox.exec('id -u; touch x'))).stdout);
    };
    const [a, b] = [await idIn('a'), await idIn('b')];
    expect(a).toBeGreaterThan(1_000);
    expect(b).not.toBe(a);
    expect(await idIn('a')).toBe(a);
  });

  test('a workspace of root is refused, unless it may be adopted', async () => {
    const root = await temporaryRoot();
    const workspace = await hostFolder(root, 'workspace');
    await expect(openLocal({ root, workspace })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('belongs to root'),
    });
    await using sandbox = await openLocal({ root, workspace, adoptWorkspace: true });
    expect((await readAll(sandbox.exec('echo more >> file; cat file'))).stdout).toBe('workspacemore\n');
  });

  test('a workspace of somebody else runs its commands as that user', async () => {
    const root = await temporaryRoot();
    const workspace = await hostFolder(root, 'workspace');
    await chown(workspace, 12_345, 12_345);
    await using sandbox = await openLocal({ root, workspace });
    expect((await readAll(sandbox.exec('id -u'))).stdout).toBe('12345\n');
  });

  test('a workspace nobody else can come to is refused, and the closed folder named', async () => {
    const root = await temporaryRoot();
    await chmod(root, 0o700);
    await expect(openLocal({ root })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(`"${root}" is closed to user`),
    });
  });

  test('a mount its user could not write is refused, unless it is read-only', async () => {
    const root = await temporaryRoot();
    const hostPath = await hostFolder(root, 'docs');
    await chmod(hostPath, 0o755);
    const mount = { hostPath, mountPath: '/docs' };
    await expect(openLocal({ root, mounts: [mount] })).rejects.toThrow('cannot be written by user');
    await using sandbox = await openLocal({ root, mounts: [{ ...mount, readOnly: true }] });
    expect((await readAll(sandbox.exec('cat /docs/file'))).stdout).toBe('docs');
  });
});
