import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import { readAll, temporaryWorkspace } from '../helpers.ts';

describe('opening a passthrough sandbox', () => {
  test('makes the workspace', async () => {
    const workspace = join(await temporaryWorkspace(), 'a/b');
    await using sandbox = await openPassthroughSandbox({ workspace });
    expect(sandbox).toMatchObject({ type: 'passthrough', workspace });
    expect((await readAll(sandbox.exec('pwd'))).stdout).toBe(`${workspace}\n`);
  });

  test('takes a link to a folder as that folder', async () => {
    const folder = await temporaryWorkspace();
    const link = join(await temporaryWorkspace(), 'link');
    await symlink(folder, link);
    await using sandbox = await openPassthroughSandbox({ workspace: link });
    expect(sandbox.workspace).toBe(folder);
    await sandbox.writeFile(join(link, 'x'), 'by either name');
    expect((await readAll(sandbox.exec('cat x'))).stdout).toBe('by either name');
  });

  test('refuses a workspace that is a file', async () => {
    const workspace = join(await temporaryWorkspace(), 'file');
    await writeFile(workspace, '');
    await expect(openPassthroughSandbox({ workspace })).rejects.toMatchObject({ code: 'sandbox-error' });
  });
});

test('a workspace that was removed meanwhile is told as such', async () => {
  const workspace = join(await temporaryWorkspace(), 'workspace');
  await using sandbox = await openPassthroughSandbox({ workspace });
  await readAll(sandbox.exec('rmdir "$PWD"'));
  await expect(readAll(sandbox.exec('true'))).rejects.toThrow(`"${workspace}" does not exist.`);
});
