import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSandbox, probeSandbox } from '../../src/sandbox/open-sandbox.ts';
import { readAll, temporaryWorkspace } from './helpers.ts';
import { temporaryRoot } from './local/helpers.ts';

describe('opening a sandbox by its type', () => {
  test.each(['passthrough', 'local'] as const)('gives a %s one, with the variables of the host', async (type) => {
    const root = await temporaryRoot();
    const workspace = join(root, 'workspace');
    await using sandbox = await openSandbox({ type, workspace, root, env: { GREETING: 'hello' } });
    expect(sandbox).toMatchObject({ type, workspace });
    expect((await readAll(sandbox.exec('echo $GREETING'))).stdout).toBe('hello\n');
  });
});

describe('probing', () => {
  test('makes no workspace, and tells how well each limit holds', async () => {
    const root = await temporaryWorkspace();
    const workspace = join(root, 'later');
    const local = await probeSandbox({ type: 'local', workspace, root });
    expect(local.limits).toMatchObject({ processes: 'hard', cpuSeconds: 'per-process', outputBytes: 'hard' });
    expect(local.limits.memoryBytes).toBe('watched');
    const passthrough = await probeSandbox({ type: 'passthrough', workspace, root });
    expect(passthrough.limits).toMatchObject({ memoryBytes: 'none', outputBytes: 'hard' });
    expect(existsSync(workspace)).toBe(false);
  });

  test('tells of a workspace that is a file', async () => {
    const root = await temporaryWorkspace();
    const workspace = join(root, 'file');
    await writeFile(workspace, '');
    await expect(probeSandbox({ type: 'passthrough', workspace, root })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('is a file'),
    });
  });

  test('refuses limits that are not hard where hard ones are required', async () => {
    const root = await temporaryWorkspace();
    const options = { workspace: join(root, 'workspace'), root, requireLimits: 'hard' } as const;
    await expect(probeSandbox({ ...options, type: 'local' })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/not hard are .*cpuSeconds \(per-process\), diskBytes \(watched\)/),
    });
    // Those that are named only.
    const named = { ...options, type: 'local', limits: { processes: 100, outputBytes: 1_000 } } as const;
    expect((await probeSandbox(named)).limits.processes).toBe('hard');
  });

  test.each([
    [{ network: 'off' }, "commands have the host's network"],
    [{ limits: { memoryBytes: 1 } }, 'nothing keeps limits.memoryBytes'],
    [{ mounts: [{ hostPath: '/srv', mountPath: '/data' }] }, 'cannot be at "/data"'],
    [{ mounts: [{ hostPath: '/srv', mountPath: '/srv', readOnly: true }] }, 'nothing keeps a command from writing'],
  ] as const)('refuses of passthrough what it cannot do: %j', async (wish, reason) => {
    const workspace = await temporaryWorkspace();
    const refusal = { code: 'sandbox-unavailable', message: expect.stringContaining(reason) };
    await expect(probeSandbox({ type: 'passthrough', workspace, root: workspace, ...wish })).rejects.toMatchObject(
      refusal,
    );
  });
});
