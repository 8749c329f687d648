import { getEventListeners } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { Processes, type ProcessRules } from '../../src/sandbox/processes.ts';
import { isRunning, readAll, temporaryWorkspace } from './helpers.ts';

function shell(command: string, cwd = '/') {
  return { file: '/bin/sh', args: ['-c', command], cwd, env: { PATH: process.env['PATH'] ?? '' } };
}

/** Starts a grandchild, tells its number, and waits for it. */
const tree = 'sh -c "sleep 300 & echo \\$!; wait"; true';

describe('killing a command', () => {
  test('by its signal ends the grandchildren too', async () => {
    await using processes = new Processes();
    const controller = new AbortController();
    const output = processes.run(shell(tree), { signal: controller.signal });
    const grandchild = Number((await firstPiece(output)).text);
    expect(isRunning(grandchild)).toBe(true);
    controller.abort();
    expect(await readAll(output)).toMatchObject({ exitCode: 143, endedBy: 'abort' });
    expect(isRunning(grandchild)).toBe(false);
  });

  test('by leaving the loop ends the grandchildren too', async () => {
    await using processes = new Processes();
    let grandchild = 0;
    for await (const { text } of processes.run(shell(tree))) {
      grandchild = Number(text);
      break;
    }
    expect(grandchild).toBeGreaterThan(0);
    expect(isRunning(grandchild)).toBe(false);
  });

  test('by close ends the grandchildren too, while the reader holds a piece', async () => {
    const processes = new Processes();
    const output = processes.run(shell(tree));
    const grandchild = Number((await firstPiece(output)).text);
    await processes.close();
    expect(isRunning(grandchild)).toBe(false);
    expect(await readAll(output)).toMatchObject({ exitCode: 143, endedBy: 'close' });
  });

  test('reaches a grandchild that is deaf to SIGTERM after its parent obeyed', async () => {
    await using processes = new Processes();
    const controller = new AbortController();
    const deaf = 'sh -c "trap \\"\\" TERM; echo \\$\\$; while true; do sleep 0.01; done" & wait';
    const output = processes.run(shell(deaf), { signal: controller.signal, graceMs: 50 });
    const grandchild = Number((await firstPiece(output)).text);
    controller.abort();
    expect(await readAll(output)).toMatchObject({ exitCode: 143, endedBy: 'abort' });
    expect(isRunning(grandchild)).toBe(false);
  });

  test('gives the output written before it', async () => {
    const workspace = await temporaryWorkspace();
    await using processes = new Processes();
    const controller = new AbortController();
    const command = 'echo one; echo two >&2; touch written; sleep 300';
    const output = processes.run(shell(command, workspace), { signal: controller.signal });
    const first = await firstPiece(output);
    await vi.waitFor(() => expect(existsSync(join(workspace, 'written'))).toBe(true));
    controller.abort();
    const { stdout, stderr } = await readAll(output);
    expect([first.text, stdout, stderr].toSorted().join('')).toBe('one\ntwo\n');
  });

  test('started just before close does not outlive it', async () => {
    const processes = new Processes();
    const ended = readAll(processes.run(shell('sleep 300')));
    await processes.close();
    expect(await ended).toMatchObject({ exitCode: 143, endedBy: 'close' });
  });
});

describe('what a command leaves running', () => {
  test('ends with it, however much it writes and though it is deaf to SIGTERM', async () => {
    await using processes = new Processes();
    const deaf = '(trap "" TERM; yes) & echo $! >&2';
    const { stderr, exitCode } = await readAll(processes.run(shell(deaf)));
    expect(exitCode).toBe(0);
    expect(isRunning(Number(stderr))).toBe(false);
  });

  test('takes nothing from the output of a command whose reader comes late', async () => {
    await using processes = new Processes();
    const output = processes.run(shell('echo $$; head -c 100000 /dev/zero; sleep 300 &'));
    const { text } = await firstPiece(output);
    await vi.waitFor(() => expect(isRunning(Number.parseInt(text))).toBe(false));
    const rest = await readAll(output);
    expect(text.length + rest.stdout.length).toBe(`${Number.parseInt(text)}\n`.length + 100_000);
  });
});

describe('limits', () => {
  test('a command that writes too much is ended, and says so', async () => {
    await using processes = new Processes();
    const { stdout, exitCode, endedBy } = await readAll(processes.run(shell('yes'), { outputBytes: 1_000_000 }));
    expect([exitCode, endedBy]).toEqual([143, 'output-limit']);
    expect(stdout.length).toBeGreaterThan(1_000_000);
    expect(stdout.length).toBeLessThan(2_000_000);
  });

  test('what a rule says of an end is what is told', async () => {
    const judge = vi.fn<NonNullable<ProcessRules['judge']>>(async () => ({ exitCode: 9, endedBy: 'memory-limit' }));
    await using processes = new Processes({ judge });
    expect(await readAll(processes.run(shell('echo no >&2; exit 1')))).toMatchObject({ exitCode: 9 });
    expect(judge).toHaveBeenCalledWith({ exitCode: 1, endedBy: 'exit' }, expect.anything(), 'no\n');
  });
});

describe('a slow reader', () => {
  test('makes the command wait', async () => {
    const workspace = await temporaryWorkspace();
    await using processes = new Processes();
    const output = processes.run(shell('head -c 2000000 /dev/zero; touch written', workspace));
    await firstPiece(output);
    for (let i = 0; i < 1_000; i += 1) await turn();
    expect(existsSync(join(workspace, 'written'))).toBe(false);
    await readAll(output);
    expect(existsSync(join(workspace, 'written'))).toBe(true);
  });

  test('needs little memory for 200 MB of output', { timeout: 60_000 }, async () => {
    await using processes = new Processes();
    const before = process.memoryUsage.rss();
    let [bytes, most] = [0, 0];
    for await (const { text } of processes.run(shell('head -c 200000000 /dev/zero'))) {
      bytes += text.length;
      most = Math.max(most, process.memoryUsage.rss() - before);
      await turn();
    }
    expect(bytes).toBe(200_000_000);
    expect(most).toBeLessThan(120_000_000);
  });
});

describe('a command that cannot be started', () => {
  test('is an error that tells why', async () => {
    await using processes = new Processes();
    const missing = { ...shell('true'), file: '/no/such/shell' };
    await expect(readAll(processes.run(missing))).rejects.toMatchObject({
      code: 'sandbox-error',
      message: 'The command could not be started: spawn /no/such/shell ENOENT.',
    });
  });

  test('because it is too long tells the way out', async () => {
    await using processes = new Processes();
    await expect(readAll(processes.run(shell(`: ${'x'.repeat(4_000_000)}`)))).rejects.toThrow(
      'it is longer than the system allows. Write it to a file, and run that',
    );
  });
});

test('no listener stays on the signal, however a command ends', async () => {
  await using processes = new Processes();
  const { signal } = new AbortController();
  await readAll(processes.run(shell('true'), { signal }));
  for await (const _ of processes.run(shell('echo; sleep 300'), { signal })) break;
  await readAll(processes.run({ ...shell(''), file: '/no/such/shell' }, { signal })).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

async function firstPiece(output: ReturnType<Processes['run']>) {
  const { value } = await output.next();
  if (value === undefined || !('text' in value)) throw new Error('The command ended without output.');
  return value;
}

test('a command may open its output by name', async () => {
  await using processes = new Processes();
  const { stdout, stderr } = await readAll(processes.run(shell('echo out > /dev/stdout; echo err | tee /dev/stderr')));
  expect([stdout, stderr]).toEqual(['out\nerr\n', 'err\n']);
});

test('no descriptor stays open, however a command ends', async () => {
  await using processes = new Processes();
  const before = readdirSync('/dev/fd').length;
  for (let i = 0; i < 10; i += 1) {
    await readAll(processes.run(shell('true')));
    for await (const _ of processes.run(shell('echo; sleep 300'))) break;
    await readAll(processes.run({ ...shell(''), file: '/no/such/shell' })).catch(() => {});
  }
  await vi.waitFor(() => expect(readdirSync('/dev/fd').length).toBeLessThan(before + 10));
});
