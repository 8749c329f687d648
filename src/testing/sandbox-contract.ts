import assert from 'node:assert/strict';
import { isSageError } from '../errors.ts';
import type { ExecOptions, ExecResult, Sandbox } from '../sandbox/sandbox.ts';

/** One promise of the contract, and the run that holds an implementation to it. */
interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What every sandbox promises, as data for any test runner:
 * `for (const { name, run } of sandboxContract(open)) test(name, run)`.
 *
 * `open` gives a new sandbox each time, its workspace empty. Each run closes its own; the workspace is the caller's to
 * remove. The machine inside needs a POSIX shell with the usual small tools.
 */
export function sandboxContract(open: () => Promise<Sandbox>): readonly ContractCase[] {
  return Object.entries({ ...commands, ...files, ...confinement, ...closing }).map(([name, check]) => ({
    name,
    async run() {
      await using sandbox = await open();
      await check(sandbox);
    },
  }));
}

type Checks = Readonly<Record<string, (sandbox: Sandbox) => Promise<void>>>;

const commands: Checks = {
  'a command gives its output by stream, and its exit code': async (sandbox) => {
    const { stdout, stderr, exitCode, signal } = await run(sandbox, 'echo out; echo err >&2; exit 7');
    assert.deepEqual(
      { stdout, stderr, exitCode, signal },
      { stdout: 'out\n', stderr: 'err\n', exitCode: 7, signal: null },
    );
  },

  'a command that a signal ends tells the signal': async (sandbox) => {
    const { exitCode, signal } = await run(sandbox, 'kill -KILL $$');
    assert.deepEqual({ exitCode, signal }, { exitCode: null, signal: 'SIGKILL' });
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
    assert.deepEqual(await run(sandbox, 'cat; echo done'), { stdout: 'done\n', stderr: '', exitCode: 0, signal: null });
  },

  'output appears while the command runs': async (sandbox) => {
    const output = sandbox.exec('echo first; until [ -e go ]; do sleep 0.01; done; echo second');
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'first\n' } });
    await sandbox.writeFile('go', '');
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'second\n' } });
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: 0, signal: null } });
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

  'what a command leaves running in the background does not hold it up': async (sandbox) => {
    const { stdout, exitCode } = await run(sandbox, 'sleep 300 & echo done');
    assert.deepEqual([stdout, exitCode], ['done\n', 0]);
  },

  'aborting the signal ends a command with all it started, and gives what it wrote until then': async (sandbox) => {
    const controller = new AbortController();
    const output = sandbox.exec('(sleep 300; echo late) & echo begun; wait', { signal: controller.signal });
    assert.deepEqual(await output.next(), { done: false, value: { stream: 'stdout', text: 'begun\n' } });
    controller.abort();
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: null, signal: 'SIGTERM' } });
  },

  'a command deaf to SIGTERM is killed after the grace time': async (sandbox) => {
    const controller = new AbortController();
    const command = 'trap "" TERM; echo begun; while true; do sleep 0.01; done';
    const output = sandbox.exec(command, { signal: controller.signal, graceMs: 50 });
    await output.next();
    controller.abort();
    assert.deepEqual(await output.next(), { done: true, value: { exitCode: null, signal: 'SIGKILL' } });
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

const files: Checks = {
  'a file gives back the bytes it was given': async (sandbox) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await sandbox.writeFile('bytes', bytes);
    assert.deepEqual(Uint8Array.from(await sandbox.readFile('bytes')), bytes);
    await sandbox.writeFile('lines', 'a\r\nb\n€');
    assert.equal(await readText(sandbox, 'lines'), 'a\r\nb\n€');
  },

  'a command and the file operations see the same files, by relative and by absolute path': async (sandbox) => {
    await sandbox.writeFile(`${sandbox.workspace}/a.txt`, 'written');
    assert.equal((await run(sandbox, 'cat a.txt; printf made > b.txt')).stdout, 'written');
    assert.equal(await readText(sandbox, 'b.txt'), 'made');
  },

  'writing makes the missing folders': async (sandbox) => {
    await sandbox.writeFile('a/b/c.txt', 'deep');
    await sandbox.writeFile('d/e/f.txt', 'deep too', { mode: 'append' });
    assert.deepEqual(
      [await readText(sandbox, 'a/b/c.txt'), await readText(sandbox, 'd/e/f.txt')],
      ['deep', 'deep too'],
    );
  },

  'overwriting replaces the content and keeps the mode': async (sandbox) => {
    await sandbox.writeFile('script', 'old and longer');
    await run(sandbox, 'chmod 751 script');
    await sandbox.writeFile('script', 'new');
    assert.equal((await run(sandbox, 'cat script; ls -l script | cut -c1-10')).stdout, 'new-rwxr-x--x\n');
    assert.deepEqual(
      (await sandbox.list('.')).map(({ path }) => path),
      [`${sandbox.workspace}/script`],
    );
  },

  'appending adds to the end, whatever bytes stand there': async (sandbox) => {
    await sandbox.writeFile('log', Uint8Array.of(0xff, 0xfe));
    await sandbox.writeFile('log', 'a', { mode: 'append' });
    await sandbox.writeFile('log', Uint8Array.of(0x80), { mode: 'append' });
    assert.deepEqual([...(await sandbox.readFile('log'))], [0xff, 0xfe, 0x61, 0x80]);
  },

  'writing through a link writes its target': async (sandbox) => {
    await run(sandbox, 'mkdir folder; ln -s folder/target link');
    await sandbox.writeFile('link', 'one ');
    await sandbox.writeFile('link', 'two', { mode: 'append' });
    assert.equal(await readText(sandbox, 'folder/target'), 'one two');
    assert.equal((await run(sandbox, 'readlink link')).stdout, 'folder/target\n');
  },

  'a missing file is an error that names the path': async (sandbox) => {
    await refuses(sandbox.readFile('missing.txt'), 'missing.txt');
    await refuses(sandbox.stat('missing.txt'), 'missing.txt');
    await refuses(sandbox.list('missing'), 'missing');
  },

  'a folder is not read or written as a file, nor a file listed': async (sandbox) => {
    await sandbox.writeFile('folder/file', '');
    await refuses(sandbox.readFile('folder'), 'folder');
    await refuses(sandbox.writeFile('folder', ''), 'folder');
    await refuses(sandbox.writeFile('folder', '', { mode: 'append' }), 'folder');
    await refuses(sandbox.writeFile('folder/file/below', ''), 'folder/file/below');
    await refuses(sandbox.list('folder/file'), 'folder/file');
  },

  'a pipe is refused at once instead of waiting for its other end': async (sandbox) => {
    await run(sandbox, 'mkfifo pipe');
    await refuses(sandbox.readFile('pipe'), 'pipe');
    await refuses(sandbox.writeFile('pipe', ''), 'pipe');
    await refuses(sandbox.writeFile('pipe', '', { mode: 'append' }), 'pipe');
    assert.equal((await sandbox.stat('pipe')).type, 'other');
  },

  'a listing is sorted by name, and tells types and sizes': async (sandbox) => {
    await sandbox.writeFile('b.txt', '12345');
    await sandbox.writeFile('a/x', '');
    await sandbox.writeFile('.hidden', '');
    const listed = await sandbox.list('.');
    assert.deepEqual(
      listed.map(({ path, type }) => [path, type]),
      [
        [`${sandbox.workspace}/.hidden`, 'file'],
        [`${sandbox.workspace}/a`, 'directory'],
        [`${sandbox.workspace}/b.txt`, 'file'],
      ],
    );
    assert.equal(listed[2]?.size, 5);
    assert.deepEqual(await sandbox.stat('b.txt'), listed[2]);
  },

  'a listing survives links that lead nowhere, in circles or outside': async (sandbox) => {
    await run(sandbox, 'ln -s nowhere dangling; ln -s circle circle; ln -s / outside; touch file; ln -s file link');
    const types = (await sandbox.list('.')).map(({ path, type }) => `${path.split('/').at(-1)} ${type}`);
    assert.deepEqual(types, ['circle other', 'dangling other', 'file file', 'link file', 'outside other']);
  },
};

const confinement: Checks = {
  'paths that leave the workspace are refused': async (sandbox) => {
    const sibling = `${sandbox.workspace}-sibling/x`;
    for (const path of ['../x', 'a/../../x', '/etc/passwd', sibling]) await refusesAll(sandbox, path);
    await refuses(sandbox.list('..'), '..');
  },

  'a name that only begins with two dots is inside': async (sandbox) => {
    await sandbox.writeFile('..x', 'inside');
    assert.equal(await readText(sandbox, '..x'), 'inside');
  },

  'links that leave the workspace are refused, also as a folder on the way': async (sandbox) => {
    await run(sandbox, 'ln -s /etc/passwd file; ln -s / root; ln -s root again');
    for (const path of ['file', 'root/etc/passwd', 'again/etc/passwd']) await refusesAll(sandbox, path);
    for (const path of ['root', 'root/etc']) await refuses(sandbox.list(path), path);
    await refuses(run(sandbox, 'true', { cwd: 'root' }), 'root');
  },

  'a dangling link out of the workspace makes no file there': async (sandbox) => {
    const outside = `${sandbox.workspace}-outside`;
    await run(sandbox, `ln -s "${outside}" link; ln -s "${outside}" folder`);
    await refusesAll(sandbox, 'link');
    await refusesAll(sandbox, 'folder/below');
    assert.equal((await run(sandbox, `ls "${outside}"`)).stdout, '');
  },

  'paths no file can have are refused': async (sandbox) => {
    await run(sandbox, 'ln -s circle circle');
    for (const path of ['a\0b', 'x'.repeat(300), 'circle', 'circle/below']) await refusesAll(sandbox, path);
  },
};

const closing: Checks = {
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
    ];
    for (const call of calls) await assert.rejects(call, (error) => isSageError(error, 'sandbox-closed'));
  },

  'close ends what runs, and may be called twice': async (sandbox) => {
    const output = sandbox.exec('echo begun; sleep 300');
    await output.next();
    const ended = output.next();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
    assert.deepEqual(await ended, { done: true, value: { exitCode: null, signal: 'SIGTERM' } });
  },
};

interface Ended extends ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

async function run(sandbox: Sandbox, command: string, options?: ExecOptions): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const output = sandbox.exec(command, options);
  for (let next = await output.next(); ; next = await output.next()) {
    if (next.done === true) return { ...texts, ...next.value };
    texts[next.value.stream] += next.value.text;
  }
}

async function readText(sandbox: Sandbox, path: string): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await sandbox.readFile(path));
}

async function refusesAll(sandbox: Sandbox, path: string): Promise<void> {
  await refuses(sandbox.readFile(path), path);
  await refuses(sandbox.stat(path), path);
  await refuses(sandbox.writeFile(path, 'escaped'), path);
  await refuses(sandbox.writeFile(path, 'escaped', { mode: 'append' }), path);
}

async function refuses(attempt: Promise<unknown>, path: string): Promise<void> {
  await assert.rejects(attempt, (error) => {
    assert.ok(isSageError(error, 'sandbox-error'), String(error));
    assert.equal(error.facts.path, path);
    return true;
  });
}
