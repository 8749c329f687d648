import assert from 'node:assert/strict';
import { isSageError } from '../../errors.ts';
import { refuses, run, type SandboxChecks } from './sandbox-checks.ts';

export const background: SandboxChecks = {
  'a background command runs by itself, and tells how it ended': async (sandbox) => {
    const command = await sandbox.spawn('echo begun; until [ -e go ]; do sleep 0.01; done; echo over >&2; exit 3');
    assert.match(command.id, /^shtask_[0-9a-f]{12}$/);
    assert.equal(await command.wait({ pattern: /begun/ }), 'matched');
    assert.equal(command.result, undefined);
    await sandbox.writeFile('go', '');
    assert.equal(await command.wait(), 'ended');
    assert.deepEqual(command.result, { exitCode: 3, endedBy: 'exit' });
    assert.deepEqual(await command.read(), { text: 'begun\nover\n', nextOffset: 11 });
  },

  'output is read from an offset on, in whole characters': async (sandbox) => {
    const command = await sandbox.spawn('printf "a€b"');
    await command.wait();
    assert.equal(command.totalBytes, 5);
    assert.deepEqual(await command.read(1), { text: '€b', nextOffset: 5 });
    assert.deepEqual(await command.read(2), { text: 'b', nextOffset: 5 });
    assert.deepEqual(await command.read(5), { text: '', nextOffset: 5 });
    assert.equal((await command.read(0, 4)).text, 'a€');
  },

  'waiting ends when the time is up, and the command runs on': async (sandbox) => {
    const command = await sandbox.spawn('sleep 300');
    assert.equal(await command.wait({ timeoutMs: 30 }), 'timeout');
    assert.equal(command.result, undefined);
    const reason = new Error('stopped');
    await assert.rejects(command.wait({ signal: AbortSignal.abort(reason) }), reason);
  },

  'a pattern is found across pieces, and also in what was written before': async (sandbox) => {
    const command = await sandbox.spawn('printf "listening "; sleep 0.1; echo on; sleep 300');
    assert.equal(await command.wait({ pattern: /listening on/ }), 'matched');
    assert.equal(await command.wait({ pattern: /^listening/ }), 'matched');
    assert.equal(await command.wait({ pattern: /never/, timeoutMs: 30 }), 'timeout');
  },

  'a pattern that would take for ever is refused': async (sandbox) => {
    const command = await sandbox.spawn(`printf '${'a'.repeat(60)}!'; sleep 300`);
    await assert.rejects(command.wait({ pattern: /^(a+)+$/ }), (error) => isSageError(error, 'sandbox-error'));
  },

  'killing a background command ends all it started': async (sandbox) => {
    const command = await sandbox.spawn('(while sleep 0.02; do echo alive > beat; done) & echo begun; wait');
    await command.wait({ pattern: /begun/ });
    assert.deepEqual(await command.kill(), { exitCode: 143, endedBy: 'abort' });
    assert.equal((await run(sandbox, 'rm -f beat; sleep 0.2; ls')).stdout, '');
    assert.deepEqual(await command.kill(), { exitCode: 143, endedBy: 'abort' });
  },

  'its output is followed as it appears': async (sandbox) => {
    const command = await sandbox.spawn('echo one; until [ -e go ]; do sleep 0.01; done; echo two');
    const output = command.follow();
    assert.deepEqual(await output.next(), { done: false, value: 'one\n' });
    await sandbox.writeFile('go', '');
    assert.deepEqual(await output.next(), { done: false, value: 'two\n' });
    assert.deepEqual(await output.next(), { done: true, value: 'ended' });
  },

  'background commands are listed in order, and start where they are told': async (sandbox) => {
    await sandbox.writeFile('folder/x', '');
    const first = await sandbox.spawn('ls; echo "$GIVEN"', { cwd: 'folder', env: { GIVEN: 'given' } });
    const second = await sandbox.spawn('cat', { stdin: 'input' });
    await Promise.all([first.wait(), second.wait()]);
    assert.deepEqual(
      sandbox.backgroundCommands().map(({ id }) => id),
      [first.id, second.id],
    );
    assert.deepEqual([(await first.read()).text, (await second.read()).text], ['x\ngiven\n', 'input']);
    await refuses(sandbox.spawn('true', { cwd: 'missing' }), 'missing');
  },

  'closing the sandbox ends background commands': async (sandbox) => {
    const command = await sandbox.spawn('echo begun; sleep 300');
    await command.wait({ pattern: /begun/ });
    const waiting = command.wait();
    await sandbox.close();
    assert.equal(await waiting, 'ended');
    assert.deepEqual(command.result, { exitCode: 143, endedBy: 'close' });
  },
};
