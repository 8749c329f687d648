import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSandbox, probeSandbox } from '../../src/sandbox/open-sandbox.ts';
import { readAll, temporaryWorkspace } from './helpers.ts';

describe('opening a sandbox by its type', () => {
  test('gives the host as it is for passthrough', async () => {
    const workspace = await temporaryWorkspace();
    await using sandbox = await openSandbox({ type: 'passthrough', workspace, env: { GREETING: 'hello' } });
    expect(sandbox).toMatchObject({ type: 'passthrough', workspace });
    expect((await readAll(sandbox.exec('echo $GREETING'))).stdout).toBe('hello\n');
  });

  test.each(['local', 'remote'] as const)('refuses %s and names the ways out', async (type) => {
    const refusal = {
      code: 'sandbox-unavailable',
      facts: { sandboxType: type },
      message:
        `The ${type} sandbox is not available: it is not built yet. Use sandboxType 'passthrough' if the host itself ` +
        'is fine, or offer no tool that needs a sandbox.',
    };
    const workspace = await temporaryWorkspace();
    await expect(openSandbox({ type, workspace })).rejects.toMatchObject(refusal);
    await expect(probeSandbox(type, workspace)).rejects.toMatchObject(refusal);
  });
});

describe('probing', () => {
  test('makes no workspace', async () => {
    const workspace = join(await temporaryWorkspace(), 'later');
    await probeSandbox('passthrough', workspace);
    expect(existsSync(workspace)).toBe(false);
  });

  test('tells of a workspace that is a file', async () => {
    const workspace = join(await temporaryWorkspace(), 'file');
    await writeFile(workspace, '');
    await expect(probeSandbox('passthrough', workspace)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('is a file'),
    });
  });
});
