import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findMemoryController } from '../../../src/sandbox/local/cgroup.ts';
import { readAll } from '../helpers.ts';
import { runProgram } from '../../programs.ts';
import { openLocal } from './helpers.ts';

const MiB = 1024 * 1024;

describe('a command of the local sandbox that takes too much', { timeout: 90_000 }, () => {
  test('memory, in one process, is refused it', async () => {
    await using sandbox = await openLocal({ limits: { memoryBytes: 512 * MiB } });
    const { exitCode, stderr } = await readAll(sandbox.exec('python3 -c "bytearray(3 * 1024 ** 3)"'));
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('MemoryError');
  });

  const hungry = 'python3 -c "import time; a = bytearray(100 * 1024 ** 2); time.sleep(30)"';
  const manyHungry = `bash -c '${`${hungry} & `.repeat(4)} wait -n; exit $?'`;

  test('memory, in many processes, is ended with that reason', async () => {
    await using sandbox = await openLocal({ limits: { memoryBytes: 256 * MiB } });
    const { endedBy, exitCode } = await readAll(sandbox.exec(manyHungry));
    expect([endedBy, exitCode]).toEqual(['memory-limit', 143]);
  });

  test('memory, where the kernel keeps it, loses a process to it', async ({ skip }) => {
    skip((await findMemoryController()) === undefined, 'This process may make no control groups.');
    await using sandbox = await openLocal({ limits: { memoryBytes: 256 * MiB }, requireLimits: 'hard' });
    const { endedBy, exitCode } = await readAll(sandbox.exec(manyHungry));
    expect([endedBy, exitCode]).toEqual(['memory-limit', 137]);
  });

  test('the control group of a process that was killed is removed by the next', async ({ skip }) => {
    const controller = await findMemoryController();
    if (controller === undefined) return skip('This process may make no control groups.');
    const left = join(controller.folder, 'sagents-4194304-of-nobody');
    await mkdir(left);
    await using _sandbox = await openLocal({ limits: { memoryBytes: 256 * MiB }, requireLimits: 'hard' });
    await expect(stat(left)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('processes cannot start more, and leaves none', async () => {
    await using sandbox = await openLocal({ limits: { processes: 50 } });
    const bomb = 'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 1; ls /proc | grep -c "^[0-9]"';
    const { stdout } = await readAll(sandbox.exec(bomb, { timeoutMs: 20_000 }));
    expect(Number(stdout.trim() === '' ? 0 : stdout)).toBeLessThanOrEqual(60);
    expect((await readAll(sandbox.exec('ls /proc | grep -c "^[0-9]"'))).stdout.length).toBeLessThan(3);
  });

  test('CPU time is killed, and a busy loop when its time is up', async () => {
    await using sandbox = await openLocal({ limits: { cpuSeconds: 1 } });
    const { exitCode } = await readAll(sandbox.exec('while :; do :; done', { timeoutMs: 60_000 }));
    expect(exitCode).toBeGreaterThan(128);
    const { endedBy } = await readAll(sandbox.exec('while :; do :; done', { timeoutMs: 100 }));
    expect(endedBy).toBe('timeout');
  });

  test('room in one file is stopped there', async () => {
    await using sandbox = await openLocal({ limits: { fileBytes: MiB } });
    const { exitCode } = await readAll(sandbox.exec('head -c 5000000 /dev/zero > big'));
    expect(exitCode).not.toBe(0);
    expect((await sandbox.stat('big')).size).toBe(MiB);
  });

  test.each([
    ['large', 'head -c 5000000 /dev/zero > f$i'],
    ['empty', ': > f$i'],
  ])('disk by many %s files is ended with that reason', async (_, make) => {
    await using sandbox = await openLocal({ limits: { diskBytes: 40 * MiB } });
    const { endedBy } = await readAll(
      sandbox.exec(`i=0; while :; do i=$((i+1)); ${make}; done`, { timeoutMs: 60_000 }),
    );
    expect(endedBy).toBe('disk-limit');
  });

  test('output without end is ended with that reason', async () => {
    await using sandbox = await openLocal({ limits: { outputBytes: MiB } });
    const { endedBy, stdout } = await readAll(sandbox.exec('yes'));
    expect(endedBy).toBe('output-limit');
    expect(stdout.length).toBeLessThan(2 * MiB);
  });

  test('shared memory finds only so much of it', async () => {
    await using sandbox = await openLocal({ limits: { memoryBytes: 64 * MiB } });
    expect((await readAll(sandbox.exec('head -c 60000000 /dev/zero > /dev/shm/x'))).exitCode).not.toBe(0);
  });
});

test('of 1.5 GB of output no more than 16 MB are held at a time', { timeout: 120_000 }, async () => {
  // In a process of its own: here the tests themselves keep memory.
  const { lines } = await runProgram('test/sandbox/local/read-much-output.ts');
  const { bytes, grownBytes } = JSON.parse(lines.at(-1) ?? '') as { bytes: number; grownBytes: number };
  expect(bytes).toBe(1_500_000_000);
  expect(grownBytes).toBeLessThan(16_000_000);
});
