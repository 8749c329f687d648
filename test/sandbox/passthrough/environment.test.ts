import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildEnvironment } from '../../../src/sandbox/passthrough/environment.ts';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import { readAll, temporaryWorkspace } from '../helpers.ts';

describe('the environment of a command', () => {
  test('shows none of the secrets of this process', async () => {
    const secrets = ['OPENAI_API_KEY', 'GITHUB_TOKEN', 'DATABASE_URL', 'HTTPS_PROXY', 'SSH_AUTH_SOCK', 'LC_SECRET'];
    for (const name of secrets) vi.stubEnv(name, 'very-secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using sandbox = await openPassthroughSandbox({ workspace: await temporaryWorkspace() });
    const { stdout } = await readAll(sandbox.exec('env'));
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('very-secret');
  });

  test('has what the host adds, and over it what the command is given', async () => {
    const workspace = await temporaryWorkspace();
    await using sandbox = await openPassthroughSandbox({ workspace, env: { A: 'host', B: 'host', LANG: 'C' } });
    const { stdout } = await readAll(sandbox.exec('echo $A $B $LANG', { env: { B: 'command' } }));
    expect(stdout).toBe('host command C\n');
  });

  test('is built from a short list, and always knows where programs are', () => {
    expect(
      buildEnvironment({ HOME: '/home/me', LC_ALL: 'C', LD_PRELOAD: 'x.so', NODE_OPTIONS: '--inspect' }, {}),
    ).toEqual({
      HOME: '/home/me',
      LC_ALL: 'C',
      PATH: '/usr/local/bin:/usr/bin:/bin',
    });
  });
});
