import assert from 'node:assert/strict';
import { run, readText, refuses, type SandboxChecks } from './sandbox-checks.ts';

export const commands: SandboxChecks = {
  'commands that run side by side each have their own output': async (sandbox) => {
    await run(sandbox, 'true');
    const names = Array.from({ length: 8 }, (_, i) => `command-${i}`);
    const results = await Promise.all(names.map((name) => run(sandbox, `echo ${name}; sleep 0.1; echo ${name} >&2`)));
    assert.deepEqual(
      results.map(({ stdout, stderr, exitCode }) => [stdout, stderr, exitCode]),
      names.map((name) => [`${name}\n`, `${name}\n`, 0]),
    );
  },

  'a command gives its output by stream, and its exit code': async (sandbox) => {
    const ended = await run(sandbox, 'echo out; echo err >&2; exit 7');
    assert.deepEqual(ended, { stdout: 'out\n', stderr: 'err\n', exitCode: 7, endedBy: 'exit' });
  },

  'a command that a signal ends has its number in the exit code, as in a shell': async (sandbox) => {
    const { exitCode, endedBy } = await run(sandbox, 'kill -KILL $$');
    assert.deepEqual([exitCode, endedBy], [137, 'exit']);
  },

  'a command starts in the workspace, or in the folder it is given': async (sandbox) => {
    await sandbox.writeFile('a folder/x', '');
    assert.equal((await run(sandbox, 'pwd -P')).stdout, `${sandbox.workspace}\n`);
    assert.equal((await run(sandbox, 'ls', { cwd: 'a folder' })).stdout, 'x\n');
    assert.equal((await run(sandbox, 'ls', { cwd: `${sandbox.workspace}/a folder` })).stdout, 'x\n');
  },

  'a command does not start where there is no folder': async (sandbox) => {
    await sandbox.writeFile('a.txt', '');
    for (const cwd of ['missing', 'a.txt', '..']) await refuses(run(sandbox, 'true', { cwd }), cwd);
  },

  'a variable given for a command reaches that one only': async (sandbox) => {
    assert.equal((await run(sandbox, 'echo "$GIVEN"', { env: { GIVEN: 'a "b" $c' } })).stdout, 'a "b" $c\n');
    assert.equal((await run(sandbox, 'echo "$GIVEN"')).stdout, '\n');
  },

  'a command that reads its input finds it at its end': async (sandbox) => {
    assert.deepEqual(await run(sandbox, 'cat; echo done'), {
      stdout: 'done\n',
      stderr: '',
      exitCode: 0,
      endedBy: 'exit',
    });
  },

  'a command reads the input it is given, text and bytes, by any name': async (sandbox) => {
    assert.equal((await run(sandbox, 'cat', { stdin: 'a "b" $c\n€' })).stdout, 'a "b" $c\n€');
    assert.equal((await run(sandbox, 'cat /dev/stdin | wc -c', { stdin: new Uint8Array(300_000) })).stdout, '300000\n');
    assert.equal((await run(sandbox, 'true', { stdin: 'never read'.repeat(100_000) })).exitCode, 0);
  },

  'standard output and error can be opened by name': async (sandbox) => {
    const { stdout, stderr } = await run(sandbox, 'echo out > /dev/stdout; echo err > /dev/stderr');
    assert.deepEqual([stdout, stderr], ['out\n', 'err\n']);
  },

  'output appears while the command runs': async (sandbox) => {
    const output = sandbox.exec('echo first; until [ -e go ]; do sleep 0.01; done; echo second');
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'first\n' } });
    await sandbox.writeFile('go', '');
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'second\n' } });
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: 0, endedBy: 'exit' } });
  },

  'a character is never split over two pieces': async (sandbox) => {
    const { stdout } = await run(
      sandbox,
      String.raw`printf 'a\342'; sleep 0.05; printf '\202'; sleep 0.05; printf '\254b'`,
    );
    assert.equal(stdout, 'a€b');
  },

  'megabytes of output arrive whole': async (sandbox) => {
    const { stdout, stderr } = await run(sandbox, 'head -c 5000000 /dev/zero | tr "\\0" x; echo end >&2');
    assert.deepEqual([stdout.length, stderr], [5_000_000, 'end\n']);
  },

  'what a command leaves running does not hold it up, and ends with it': async (sandbox) => {
    const { stdout, exitCode } = await run(
      sandbox,
      '(while sleep 0.02; do echo alive > beat; done) & sleep 0.1; echo done',
    );
    assert.deepEqual([stdout, exitCode], ['done\n', 0]);
    assert.equal((await run(sandbox, 'rm beat; sleep 0.2; ls')).stdout, '');
  },

  'a command ends when its time is up, with what it wrote until then': async (sandbox) => {
    const ended = await run(sandbox, 'echo begun; sleep 300', { timeoutMs: 1_000 });
    assert.deepEqual(ended, { stdout: 'begun\n', stderr: '', exitCode: 143, endedBy: 'timeout' });
  },

  'what one command puts into /tmp the next one finds there': async (sandbox) => {
    await run(sandbox, 'echo kept > /tmp/sagents-contract');
    assert.equal((await run(sandbox, 'cat /tmp/sagents-contract; rm /tmp/sagents-contract')).stdout, 'kept\n');
  },

  'aborting the signal ends a command with all it started, and gives what it wrote until then': async (sandbox) => {
    const controller = new AbortController();
    const output = sandbox.exec('(sleep 300; echo late) & echo begun; wait', { signal: controller.signal });
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'begun\n' } });
    controller.abort();
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: 143, endedBy: 'abort' } });
  },

  'a command deaf to SIGTERM is killed after the grace time': async (sandbox) => {
    const controller = new AbortController();
    const command = 'trap "" TERM; echo begun; while true; do sleep 0.01; done';
    const output = sandbox.exec(command, { signal: controller.signal, graceMs: 50 });
    await output.next();
    controller.abort();
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: 137, endedBy: 'abort' } });
  },

  'a signal aborted before the start starts nothing': async (sandbox) => {
    const reason = new Error('stopped');
    await assert.rejects(run(sandbox, 'touch started', { signal: AbortSignal.abort(reason) }), reason);
    assert.deepEqual(await sandbox.list('.'), []);
  },

  'closing the generator early ends the command': async (sandbox) => {
    const command = 'trap "echo ended > ended; exit" TERM; echo begun; while true; do sleep 0.01; done';
    for await (const { text } of sandbox.exec(command)) {
      assert.equal(text, 'begun\n');
      break;
    }
    assert.equal(await readText(sandbox, 'ended'), 'ended\n');
  },
};
