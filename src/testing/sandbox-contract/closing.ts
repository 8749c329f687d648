import assert from 'node:assert/strict';
import { isSageError } from '../../errors.ts';
import { run, type SandboxChecks } from './sandbox-checks.ts';

export const closing: SandboxChecks = {
  'after close every member throws': async (sandbox) => {
    const before = sandbox.exec('true');
    await sandbox.close();
    const calls = [
      () => run(sandbox, 'true'),
      () => before.next(),
      () => sandbox.readFile('x'),
      () => sandbox.writeFile('x', ''),
      () => sandbox.list('.'),
      () => sandbox.stat('.'),
      () => sandbox.move('x', 'y'),
      () => sandbox.remove('x'),
      () => sandbox.glob('*'),
      () => sandbox.grep('x'),
      () => sandbox.spawn('true'),
      async () => sandbox.backgroundCommands(),
    ];
    for (const call of calls) await assert.rejects(call, (error) => isSageError(error, 'sandbox-closed'));
  },

  'close ends what runs, and may be called twice': async (sandbox) => {
    const output = sandbox.exec('echo begun; sleep 300');
    await output.next();
    const ended = output.next();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
    assert.deepEqual(await ended, { done: true, value: { exitCode: 143, endedBy: 'close' } });
  },
};
