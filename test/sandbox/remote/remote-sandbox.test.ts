import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sandbox as ServerSandbox } from '@alibaba-group/opensandbox';
import { describe, expect, test, vi } from 'vitest';
import type { HostedOpening } from '../../../src/cli/sandbox-server/hosting.ts';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import { openRemoteSandbox } from '../../../src/sandbox/remote/remote-sandbox.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { isRunning, readAll, temporaryWorkspace } from '../helpers.ts';
import { Hosted, token } from './hosted.ts';

/** The host confines nothing here: what is refused, the client refuses. */
async function openWhole({ workspacePath }: HostedOpening): Promise<Sandbox> {
  const host = await openPassthroughSandbox({ workspace: '/' });
  const exec = host.exec.bind(host);
  host.exec = (command, options) => exec(command, { cwd: workspacePath, ...options });
  return host;
}

describe('a command', () => {
  test('reads the bytes it is given, and finds no trace of them beside it', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    const stdin = Uint8Array.from({ length: 100_000 }, (_, i) => i);
    await sandbox.writeFile('expected', stdin);
    const ran = await readAll(sandbox.exec('cmp - expected && ls -A', { stdin }));
    expect(ran).toEqual({ stdout: 'expected\n', stderr: '', exitCode: 0, endedBy: 'exit' });
    expect((await readAll(sandbox.exec('cat', { stdin: '' }))).stdout).toBe('');
  });

  test('is killed with what it started when its time is up', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    const ran = await readAll(sandbox.exec('sleep 300 & echo $!; wait', { timeoutMs: 200 }));
    expect(ran).toMatchObject({ exitCode: 143, endedBy: 'timeout' });
    expect(isRunning(Number(ran.stdout))).toBe(false);
  });

  test('that writes more than it may is ended', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open({ outputBytes: 10_000 });
    const ran = await readAll(sandbox.exec('echo $$ > pid; while true; do echo and on and on; done'));
    expect(ran.endedBy).toBe('output-limit');
    expect(ran.stdout.length).toBeLessThanOrEqual(10_000);
    expect(isRunning(Number((await readAll(sandbox.exec('cat pid'))).stdout))).toBe(false);
  });

  test('has the variables of the sandbox, and its own above them', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open({ env: { A: 'sandbox', B: 'sandbox' } });
    expect((await readAll(sandbox.exec('echo $A $B', { env: { B: 'own' } }))).stdout).toBe('sandbox own\n');
  });

  test('without a word in it succeeds', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    expect((await readAll(sandbox.exec('  \n'))).exitCode).toBe(0);
  });

  test('stays ended when the sandbox closes while its reader holds a piece', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await hosted.open();
    const output = sandbox.exec('echo $$; sleep 300');
    const { value } = await output.next();
    await sandbox.close();
    expect(value).toMatchObject({ stream: 'stdout' });
    expect(isRunning(Number(value !== undefined && 'text' in value ? value.text : 0))).toBe(false);
    expect((await output.next()).value).toMatchObject({ endedBy: 'close' });
  });

  test('runs on in the background until it is killed', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    const command = await sandbox.spawn('echo begun > begun; sleep 300');
    await vi.waitFor(() => sandbox.stat('begun'));
    expect(await command.kill()).toEqual({ exitCode: 143, endedBy: 'abort' });
    expect(sandbox.backgroundCommands()).toEqual([command]);
  });
});

describe('files', () => {
  test('are moved to where nothing stands, with the folders on the way', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    await sandbox.writeFile('a/file', 'content');
    await sandbox.move('a/file', 'b/c/moved');
    await sandbox.move('b', 'd');
    expect(Buffer.from(await sandbox.readFile('d/c/moved')).toString()).toBe('content');
    await sandbox.writeFile('other', '');
    for (const to of ['other', 'd', '../out', 'other/below', 'd/below/x/../../../..']) {
      await expect(sandbox.move('d/c/moved', to)).rejects.toMatchObject({ code: 'sandbox-error' });
    }
    await expect(sandbox.move('d', 'd/c/d')).rejects.toThrow('cannot be moved into itself');
    await expect(sandbox.move('missing', 'x')).rejects.toMatchObject({ facts: { path: 'missing' } });
    await expect(sandbox.move('.', 'x')).rejects.toThrow('is the workspace');
  });

  test('are removed: a folder with all in it, a link without its target, never the workspace', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    await sandbox.writeFile('folder/a/b', '');
    await sandbox.writeFile('-rf', '');
    await readAll(sandbox.exec('ln -s folder link; ln -s nowhere dangling; ln -s .. up; ln -s / root'));
    for (const path of ['link', 'dangling', '-rf']) await sandbox.remove(path);
    expect((await sandbox.stat('folder/a/b')).type).toBe('file');
    for (const path of [
      '.',
      '..',
      sandbox.workspace,
      `up/${sandbox.workspace.split('/').at(-1)}`,
      'root/etc',
      'missing',
    ]) {
      await expect(sandbox.remove(path)).rejects.toMatchObject({ code: 'sandbox-error', facts: { path } });
    }
    await sandbox.remove('folder');
    expect((await sandbox.list('.')).map(({ path }) => path.split('/').at(-1))).toEqual(['root', 'up']);
  });

  test('are found by pattern, the newest first, links not followed', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    for (const path of ['src/a.ts', 'src/deep/b.ts', 'src/.hidden.ts', 'c.js']) await sandbox.writeFile(path, '');
    await readAll(sandbox.exec('touch -d 2020-01-01 src/a.ts; touch -d 2021-01-01 src/deep/b.ts; ln -s src linked'));
    const names = async (pattern: string, options = {}) => {
      const { files, truncated } = await sandbox.glob(pattern, options);
      return [files.map(({ path }) => path.slice(sandbox.workspace.length + 1)), truncated];
    };
    expect(await names('**/*.ts')).toEqual([['src/.hidden.ts', 'src/deep/b.ts', 'src/a.ts'], false]);
    expect(await names('src/a.{ts,js}')).toEqual([['src/a.ts'], false]);
    expect(await names('*.ts', { path: 'src/deep' })).toEqual([['src/deep/b.ts'], false]);
    expect((await names('**', { limit: 1 }))[1]).toBe(true);
    expect(await names('no/such/*')).toEqual([[], false]);
    await sandbox.writeFile('node_modules/deep/d.ts', '');
    expect(await names('d.ts')).toEqual([[], false]);
    expect(await names('node_modules/**/*.ts')).toEqual([['node_modules/deep/d.ts'], false]);
    await expect(sandbox.glob('*', { path: '..' })).rejects.toMatchObject({ facts: { path: '..' } });
  });

  test('have names with anything in them', async () => {
    await using hosted = await Hosted.start();
    await using sandbox = await hosted.open();
    const names = [`it's`, '$(touch x)', 'a\nb', '\nc', '-n', 'ü€😀', ' ', '\\', '*', '|x|'];
    for (const name of names) await sandbox.writeFile(`./${name}`, name);
    expect((await sandbox.list('.')).map(({ path }) => path.slice(sandbox.workspace.length + 1)).toSorted()).toEqual(
      names.toSorted(),
    );
    for (const name of names) expect(Buffer.from(await sandbox.readFile(`./${name}`)).toString()).toBe(name);
  });

  test('in a mount are reached by its path, and not written where it is read-only', async () => {
    const [shared, fixed] = [await temporaryWorkspace(), await temporaryWorkspace()];
    await writeFile(join(fixed, 'file'), 'fixed');
    await using hosted = await Hosted.start({ allowedMounts: [shared, fixed], openSandbox: openWhole });
    const mounts = [
      { hostPath: shared, mountPath: shared },
      { hostPath: fixed, mountPath: fixed, readOnly: true },
    ];
    await using sandbox = await hosted.open({ mounts });
    expect(sandbox.mounts).toEqual(mounts);
    await sandbox.writeFile(join(shared, 'file'), 'shared');
    await sandbox.writeFile(join(shared, 'file'), ' more', { mode: 'append' });
    expect(Buffer.from(await sandbox.readFile(join(shared, 'file'))).toString()).toBe('shared more');
    expect(Buffer.from(await sandbox.readFile(join(fixed, 'file'))).toString()).toBe('fixed');
    const attempts = [
      (path: string) => sandbox.writeFile(path, ''),
      (path: string) => sandbox.remove(path),
      (path: string) => sandbox.move(path, 'taken'),
    ];
    for (const attempt of attempts) await expect(attempt(join(fixed, 'file'))).rejects.toThrow('is read-only');
    await expect(sandbox.remove(shared)).rejects.toThrow('a mount itself');
  });
});

describe('opening', () => {
  test('tells what failed: no server, a wrong key, a mount that is not allowed, a sandbox that is gone', async () => {
    await using hosted = await Hosted.start();
    const unavailable = { code: 'sandbox-unavailable', facts: { sandboxType: 'remote' } };
    const nobody = await Hosted.start();
    await nobody[Symbol.asyncDispose]();
    await expect(nobody.open()).rejects.toMatchObject(unavailable);
    await expect(nobody.open()).rejects.toThrow('ECONNREFUSED');
    const wrong = { domain: hosted.domain, protocol: 'http' as const, apiKey: 'wrong-key' };
    await expect(openRemoteSandbox({ remote: wrong })).rejects.toThrow('refused the key');
    const mounts = [{ hostPath: '/etc', mountPath: '/mnt/etc' }];
    await expect(hosted.open({ mounts })).rejects.toThrow('does not allow this');
    await expect(hosted.open({ sandboxId: 'gone' })).rejects.toThrow('is gone');
  });

  test('options that make no sense are told as such, the key without its text', async () => {
    const open = (remote: object, workspace = '/w') =>
      openRemoteSandbox({ workspace, remote: { domain: 'x', apiKey: 'k', ...remote } });
    await expect(open({ apiKey: '' })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(open({ apiKey: 'sec\nret' })).rejects.toThrow(/^(?!.*sec)/s);
    await expect(open({ domain: '' })).rejects.toMatchObject({ facts: { option: 'remote.domain' } });
    for (const workspace of ['/', 'relative', '/a/..', '/a/']) {
      await expect(open({}, workspace)).rejects.toMatchObject({ facts: { option: 'workspace' } });
    }
  });

  test('by its id finds the one that is there, and leaves it there', async () => {
    await using hosted = await Hosted.start();
    const connection = { domain: hosted.domain, protocol: 'http' as const, apiKey: token };
    const workspace = join(hosted.folder, 'workspace');
    const theirs = await ServerSandbox.create({ connectionConfig: connection, image: 'any' });
    const ours = await openRemoteSandbox({ workspace, sandboxId: theirs.id, remote: connection });
    expect(ours.sandboxId).toBe(theirs.id);
    await ours.writeFile('file', 'ours');
    await ours.close();
    expect(await theirs.files.readFile(join(workspace, 'file'))).toBe('ours');
    await theirs.kill();
  });

  test('one that is kept is found again by its session, and by no other', async () => {
    await using hosted = await Hosted.start();
    const remote = { domain: hosted.domain, protocol: 'http' as const, apiKey: token, keep: true };
    const workspace = await temporaryWorkspace();
    const open = (sessionId: string) => openRemoteSandbox({ workspace, sessionId, remote });
    const ids = [];
    for (const sessionId of ['one', 'one', 'two', 'one']) {
      const sandbox = await open(sessionId);
      ids.push(sandbox.sandboxId);
      await sandbox.close();
    }
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[0]]);
    expect(ids[2]).not.toBe(ids[0]);
    const first = await ServerSandbox.connect({ connectionConfig: remote, sandboxId: String(ids[0]) });
    await first.kill();
    const anew = await open('one');
    expect(ids).not.toContain(anew.sandboxId);
    await anew.close();
  });

  test('what it made itself, closing ends on the server', async () => {
    await using hosted = await Hosted.start();
    const connection = { domain: hosted.domain, protocol: 'http' as const, apiKey: token };
    const sandbox = await openRemoteSandbox({ workspace: await temporaryWorkspace(), remote: connection });
    await sandbox.close();
    const again = openRemoteSandbox({ workspace: sandbox.workspace, sandboxId: sandbox.sandboxId, remote: connection });
    await expect(again).rejects.toThrow('is gone');
  });
});
