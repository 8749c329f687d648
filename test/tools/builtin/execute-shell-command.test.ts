import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { executeShellCommand } from '../../../src/tools/builtin/execute-shell-command.ts';
import { openWorkspace, startCall } from './helpers.ts';

describe('execute_shell_command', () => {
  test('shows output as it appears, and returns how the command ended', async () => {
    await using sandbox = await openWorkspace();
    const call = await start(
      { command: 'echo one; until [ -e go ]; do sleep 0.01; done; echo two >&2; exit 3' },
      sandbox,
    );
    expect(await call.next()).toEqual({ done: false, value: 'one\n' });
    await sandbox.writeFile('go', '');
    expect(await call.next()).toEqual({ done: false, value: 'two\n' });
    expect(await call.next()).toEqual({
      done: true,
      value: { success: false, exit_code: 3, stdout: 'one\n', stderr: 'two\n', truncated: false },
    });
  });

  test('runs in the folder it is given', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('folder/x', '');
    expect(await run({ command: 'ls', workdir: 'folder' }, sandbox)).toMatchObject({ success: true, stdout: 'x\n' });
  });

  test('tells the signal that killed the command', async () => {
    await using sandbox = await openWorkspace();
    expect(await run({ command: 'echo last words; kill -SEGV $$' }, sandbox)).toEqual({
      success: false,
      exit_code: null,
      signal: 'SIGSEGV',
      stdout: 'last words\n',
      stderr: '',
      truncated: false,
    });
  });

  test('keeps head and tail of long output within 64 KiB, and all of the shorter stream', async () => {
    await using sandbox = await openWorkspace();
    const command =
      'echo begin; head -c 300000 /dev/zero | tr "\\0" x; echo; echo end; head -c 1000 /dev/zero | tr "\\0" e >&2';
    const result = (await run({ command }, sandbox)) as { stdout: string; stderr: string; truncated: boolean };
    expect(result).toMatchObject({ success: true, stderr: 'e'.repeat(1_000), truncated: true });
    expect(result.stdout).toMatch(/^begin\nx+\n\[… \d+ bytes left out …\]\nx+\nend\n$/);
    const bytes = Buffer.byteLength(result.stdout) + Buffer.byteLength(result.stderr);
    expect(bytes).toBeLessThanOrEqual(65_536);
    expect(bytes).toBeGreaterThan(65_000);
  });

  test('gives each stream its half when both are long', async () => {
    await using sandbox = await openWorkspace();
    const result = await run({ command: 'head -c 99999 /dev/zero | tr "\\0" x | tee /dev/stderr' }, sandbox);
    const { stdout, stderr } = result as { stdout: string; stderr: string };
    expect([stdout, stderr].map((text) => Math.round(Buffer.byteLength(text) / 1_024))).toEqual([32, 32]);
  });

  test('an abort kills the command, and its result tells what it wrote', async () => {
    await using sandbox = await openWorkspace();
    const controller = new AbortController();
    const call = await start({ command: 'echo begun; sleep 300' }, sandbox, controller.signal);
    await call.next();
    controller.abort();
    expect(await call.next()).toMatchObject({ done: true, value: { signal: 'SIGTERM', stdout: 'begun\n' } });
  });

  test('closing it early kills the command', async () => {
    await using sandbox = await openWorkspace();
    const call = await start(
      { command: 'trap "touch ended; exit" TERM; echo begun; while :; do sleep 0.01; done' },
      sandbox,
    );
    await call.next();
    await call.return(undefined);
    expect((await sandbox.stat('ended')).type).toBe('file');
  });

  test('a working directory that is not there is an error for the model', async () => {
    await using sandbox = await openWorkspace();
    await expect(run({ command: 'ls', workdir: 'missing' }, sandbox)).rejects.toThrow('"missing" does not exist.');
  });

  test('refuses arguments it does not know instead of ignoring them', async () => {
    expect(await executeShellCommand.inputSchema.validate({ command: 'server', block_until_ms: 0 })).toEqual({
      issues: ['Unrecognized key: "block_until_ms"'],
    });
  });
});

async function start(args: unknown, sandbox: Sandbox, signal = new AbortController().signal) {
  return (await startCall(executeShellCommand, args, { sandbox, signal })) as AsyncGenerator<string, unknown>;
}

async function run(args: unknown, sandbox: Sandbox): Promise<unknown> {
  const call = await start(args, sandbox);
  for (let next = await call.next(); ; next = await call.next()) if (next.done === true) return next.value;
}
