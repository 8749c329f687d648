import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { awaitShell } from '../../../src/tools/builtin/await-shell.ts';
import { executeShellCommand } from '../../../src/tools/builtin/execute-shell-command.ts';
import { killShell } from '../../../src/tools/builtin/kill-shell.ts';
import { callTool, openWorkspace, startCall } from './helpers.ts';

describe('execute_shell_command', () => {
  test('shows output as it appears, and returns how the command ended', async () => {
    await using sandbox = await openWorkspace();
    const command = 'echo one; until [ -e go ]; do sleep 0.01; done; echo two >&2; exit 3';
    const call = await start({ command }, sandbox);
    expect(await call.next()).toEqual({ done: false, value: 'one\n' });
    await sandbox.writeFile('go', '');
    expect(await call.next()).toEqual({ done: false, value: 'two\n' });
    expect(await call.next()).toEqual({
      done: true,
      value: {
        success: false,
        status: 'completed',
        task_id: expect.stringMatching(/^shtask_/),
        command,
        exit_code: 3,
        stdout: 'one\ntwo\n',
        stdout_truncated: false,
        stdout_total_bytes: 8,
      },
    });
  });

  test('runs in the folder and with the variables it is given', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('folder/x', '');
    const args = { command: 'ls; echo $GIVEN', workdir: 'folder', env_vars: { GIVEN: 'given' } };
    expect(await run(args, sandbox)).toMatchObject({ success: true, stdout: 'x\ngiven\n' });
  });

  test('keeps head and tail of long output within 64 KiB, and saves all of it', async () => {
    await using sandbox = await openWorkspace();
    const command = 'echo begin; head -c 3000000 /dev/zero | tr "\\0" x; echo; echo end';
    const result = (await run({ command }, sandbox)) as { stdout: string; output_file: string };
    expect(result).toMatchObject({ success: true, stdout_truncated: true, stdout_total_bytes: 3_000_011 });
    expect(result.stdout).toMatch(/^begin\nx+\n\[… \d+ bytes left out …\]\nx+\nend\n$/);
    expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(result.stdout)).toBeGreaterThan(65_000);
    const saved = Buffer.from(await sandbox.readFile(result.output_file)).toString();
    expect(saved).toBe(`begin\n${'x'.repeat(3_000_000)}\nend\n`);
  });

  test('an abort kills the command, and its result tells what it wrote', async () => {
    await using sandbox = await openWorkspace();
    const controller = new AbortController();
    const call = await start({ command: 'echo begun; sleep 300' }, sandbox, controller.signal);
    await call.next();
    controller.abort();
    const value = { success: false, exit_code: 143, ended_by: 'abort', stdout: 'begun\n' };
    expect(await call.next()).toMatchObject({ done: true, value });
  });

  test('closing it early kills the command', async () => {
    await using sandbox = await openWorkspace();
    const command = 'trap "touch ended; exit" TERM; echo begun; while :; do sleep 0.01; done';
    const call = await start({ command }, sandbox);
    await call.next();
    await call.return(undefined);
    expect((await sandbox.stat('ended')).type).toBe('file');
  });

  test('a working directory that is not there is an error for the model', async () => {
    await using sandbox = await openWorkspace();
    await expect(run({ command: 'ls', workdir: 'missing' }, sandbox)).rejects.toThrow('"missing" does not exist.');
  });

  test('refuses arguments it does not know instead of ignoring them', async () => {
    expect(await executeShellCommand.inputSchema.validate({ command: 'x', approval_id: 'y' })).toEqual({
      issues: ['approval_id: Not allowed'],
    });
  });
});

describe('a command that runs on', () => {
  test('is told as running, waited for by a pattern, and ended', async () => {
    await using sandbox = await openWorkspace();
    const command = 'echo starting; until [ -e go ]; do sleep 0.01; done; echo listening; sleep 300';
    const started = await run({ command, block_until_ms: 0 }, sandbox);
    expect(started).toMatchObject({ success: true, status: 'running', command });
    const { task_id } = started as { task_id: string };
    const early = await callTool(awaitShell, { task_id, pattern: 'listening', block_until_ms: 50 }, sandbox);
    expect(early).toMatchObject({ status: 'running', matched_pattern: false });
    await sandbox.writeFile('go', '');
    const matched = await callTool(awaitShell, { task_id, pattern: '^listening$' }, sandbox);
    expect(matched).toMatchObject({ status: 'running', matched_pattern: true, tail_output: 'starting\nlistening\n' });
    const killed = await callTool(killShell, { task_id }, sandbox);
    expect(killed).toMatchObject({ status: 'completed', exit_code: 143, ended_by: 'abort' });
    expect(await callTool(killShell, { task_id }, sandbox)).toEqual(killed);
  });

  test('is waited for to its end, and remembers that the model has been told', async () => {
    await using sandbox = await openWorkspace();
    const { task_id } = (await run({ command: 'sleep 0.05; echo done', block_until_ms: 0 }, sandbox)) as {
      task_id: string;
    };
    expect(sandbox.backgroundCommands()[0]?.isAcknowledged).toBe(false);
    expect(await callTool(awaitShell, { task_id }, sandbox)).toMatchObject({ status: 'completed', stdout: 'done\n' });
    expect(sandbox.backgroundCommands()[0]?.isAcknowledged).toBe(true);
  });

  test('is not found by another sandbox, nor under an id nobody has', async () => {
    await using sandbox = await openWorkspace();
    await using other = await openWorkspace();
    const { task_id } = (await run({ command: 'sleep 300', block_until_ms: 0 }, other)) as { task_id: string };
    for (const tool of [awaitShell, killShell]) {
      await expect(callTool(tool, { task_id }, sandbox)).rejects.toThrow(
        `There is no background command "${task_id}".`,
      );
    }
    await expect(callTool(awaitShell, { task_id: 'shtask_0' }, other)).rejects.toThrow(`Running: ${task_id}.`);
  });

  test('a pattern that is none is an error for the model', async () => {
    await using sandbox = await openWorkspace();
    const { task_id } = (await run({ command: 'sleep 300', block_until_ms: 0 }, sandbox)) as { task_id: string };
    await expect(callTool(awaitShell, { task_id, pattern: '(' }, sandbox)).rejects.toThrow('is no regular expression');
  });
});

async function start(args: unknown, sandbox: Sandbox, signal = new AbortController().signal) {
  return (await startCall(executeShellCommand, args, { sandbox, signal })) as AsyncGenerator<string, unknown>;
}

async function run(args: unknown, sandbox: Sandbox): Promise<unknown> {
  const call = await start(args, sandbox);
  for (let next = await call.next(); ; next = await call.next()) if (next.done === true) return next.value;
}
