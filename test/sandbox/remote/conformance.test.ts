import { mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Sandbox, SandboxApiException, SandboxManager, type SandboxCreateOptions } from '@alibaba-group/opensandbox';
import { describe, expect, test, vi } from 'vitest';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import type { VolumeMount } from '../../../src/sandbox/sandbox.ts';
import { temporaryWorkspace } from '../helpers.ts';
import { Hosted, token } from './hosted.ts';

/** The official SDK as it is. */
function connectionTo({ domain }: Hosted, apiKey = token) {
  return { domain, protocol: 'http' as const, apiKey };
}

async function create(hosted: Hosted, options: Partial<SandboxCreateOptions> = {}): Promise<Sandbox> {
  return await Sandbox.create({ connectionConfig: connectionTo(hosted), image: 'any', ...options });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof SandboxApiException ? error.statusCode : undefined;
}

async function refusal(attempt: Promise<unknown>): Promise<number | undefined> {
  return await attempt.then(() => undefined, statusOf);
}

describe('commands', () => {
  test('run with their output by stream, exit code, variables and folder', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted, { env: { FROM_SANDBOX: 'a' } });
    await mkdir(join(hosted.folder, 'workspace/sub'));
    const ran = await sandbox.commands.run('echo "$FROM_SANDBOX$MINE"; basename "$PWD"; echo err >&2; exit 7', {
      envs: { MINE: 'b' },
      workingDirectory: join(hosted.folder, 'workspace/sub'),
    });
    expect(ran.logs.stdout.map(({ text }) => text).join('')).toBe('ab\nsub\n');
    expect(ran.logs.stderr.map(({ text }) => text).join('')).toBe('err\n');
    expect(ran.exitCode).toBe(7);
    expect((await sandbox.commands.run('true')).exitCode).toBe(0);
    await sandbox.kill();
  });

  test('output arrives while they run, and an interrupt ends them', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    let id = '';
    const ran = await sandbox.commands.run(
      'echo begun; sleep 300',
      {},
      {
        onInit: (init) => {
          id = init.id;
        },
        onStdout: async ({ text }) => {
          expect(text).toBe('begun\n');
          expect(await sandbox.commands.getCommandStatus(id)).toMatchObject({ running: true, exitCode: null });
          await sandbox.commands.interrupt(id);
        },
      },
    );
    expect(ran.exitCode).toBe(143);
    expect(await sandbox.commands.getCommandStatus(id)).toMatchObject({ id, running: false, exitCode: 143 });
  });

  test('a timeout ends them', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    expect((await sandbox.commands.run('sleep 300', { timeoutSeconds: 0.05 })).exitCode).toBe(143);
  });

  test('run in the background, where their output is read from a cursor on', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    const started = await sandbox.commands.run('echo one; sleep 0.2; echo two; exit 3', { background: true });
    const id = String(started.id);
    const statusOfIt = () => sandbox.commands.getCommandStatus(id);
    expect(await statusOfIt()).toMatchObject({ running: true });
    await vi.waitFor(async () => expect(await statusOfIt()).toMatchObject({ running: false, exitCode: 3 }));
    const all = await sandbox.commands.getBackgroundCommandLogs(id);
    expect(all).toEqual({ content: 'one\ntwo\n', cursor: 8 });
    expect(await sandbox.commands.getBackgroundCommandLogs(id, 4)).toEqual({ content: 'two\n', cursor: 8 });
    const endless = String((await sandbox.commands.run('sleep 300', { background: true })).id);
    await sandbox.commands.interrupt(endless);
    await vi.waitFor(async () =>
      expect(await sandbox.commands.getCommandStatus(endless)).toMatchObject({ running: false, exitCode: 143 }),
    );
    expect(await refusal(sandbox.commands.run('true', { background: true, workingDirectory: '/nowhere' }))).toBe(400);
    expect(hosted.errors).toEqual([]);
  });

  test('what would mean something else without it is refused: another user, a shell that stays', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    expect(await refusal(sandbox.commands.run('true', { uid: 0 }))).toBe(400);
    expect(await refusal(sandbox.commands.createSession())).toBe(404);
    expect(await refusal(sandbox.commands.interrupt('cmd-of-nobody'))).toBe(404);
  });

  test('no more run at once than the limit', async () => {
    await using hosted = await Hosted.start({ limits: { commands: 1 } });
    const sandbox = await create(hosted);
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = sandbox.commands.run('sleep 300', {}, { onInit: ({ id }) => resolve(id) });
    const id = await promise;
    expect(await refusal(sandbox.commands.run('true'))).toBe(429);
    await sandbox.commands.interrupt(id);
    await first;
    expect((await sandbox.commands.run('true')).exitCode).toBe(0);
  });
});

describe('files', () => {
  test('go up and down byte for byte, whole and in ranges', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await sandbox.files.writeFiles([
      { path: 'sub/bytes', data: bytes },
      { path: 'text', data: 'one\ntwo\nthree\n', mode: 600 },
    ]);
    expect(await sandbox.files.readBytes('sub/bytes')).toEqual(bytes);
    expect(await sandbox.files.readBytes('sub/bytes', { range: 'bytes=10-19' })).toEqual(bytes.subarray(10, 20));
    expect(await sandbox.files.readBytes('sub/bytes', { range: 'bytes=-3' })).toEqual(bytes.subarray(253));
    expect(await refusal(sandbox.files.readBytes('sub/bytes', { range: 'bytes=256-' }))).toBe(416);
    expect(await sandbox.files.readFile('text', { offset: 2, limit: 1 })).toBe('two\n');
    expect((await stat(join(hosted.folder, 'workspace/text'))).mode & 0o777).toBe(0o600);
  });

  test('go up as a stream too', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    async function* data() {
      yield Buffer.from('first ');
      yield Buffer.from('second');
    }
    await sandbox.files.writeFiles([{ path: 'streamed', data: data() }]);
    expect(await sandbox.files.readFile('streamed')).toBe('first second');
  });

  test('are told, listed, searched, moved, changed and deleted', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    const { files } = sandbox;
    const at = (path: string) => join(hosted.folder, 'workspace', path);
    await files.createDirectories([{ path: at('made/deep') }]);
    await files.writeFiles([
      { path: at('made/a.txt'), data: 'one one' },
      { path: at('made/deep/b.txt'), data: '' },
    ]);
    expect((await files.getFileInfo([at('made/a.txt')]))[at('made/a.txt')]).toMatchObject({ type: 'file', size: 7 });
    const listed = await files.listDirectory({ path: at('made'), depth: 2 });
    expect(listed.map(({ path }) => path)).toEqual([at('made/a.txt'), at('made/deep'), at('made/deep/b.txt')]);
    const found = await files.search({ path: at('made'), pattern: '**/*.txt' });
    expect(found.map(({ path }) => path).toSorted()).toEqual([at('made/a.txt'), at('made/deep/b.txt')]);
    await files.moveFiles([{ src: at('made/a.txt'), dest: at('moved.txt') }]);
    await files.setPermissions([{ path: at('moved.txt'), mode: 640 }]);
    expect((await stat(at('moved.txt'))).mode & 0o777).toBe(0o640);
    expect(
      await files.replaceContentsDetailed([{ path: at('moved.txt'), oldContent: 'one', newContent: 'two' }]),
    ).toEqual([{ path: at('moved.txt'), replacedCount: 2 }]);
    expect(await readFile(at('moved.txt'), 'utf8')).toBe('two two');
    expect(await refusal(files.deleteFiles([at('made')]))).toBe(400);
    await files.deleteFiles([at('moved.txt')]);
    await files.deleteDirectories([at('made')]);
    expect(await files.listDirectory({ path: at('.') })).toEqual([]);
    expect(hosted.errors).toEqual([]);
  });

  test('outside the sandbox are refused, also behind a link', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted);
    await symlink('/etc/shadow', join(hosted.folder, 'workspace/link'));
    for (const path of ['link', '/etc/shadow', '../../etc/shadow']) {
      expect(await refusal(sandbox.files.readBytes(path))).toBe(400);
      expect(await refusal(sandbox.files.writeFiles([{ path, data: 'x' }]))).toBe(400);
      expect(await refusal(sandbox.files.setPermissions([{ path, mode: 777 }]))).toBe(400);
    }
    expect(await refusal(sandbox.files.readBytes('missing'))).toBe(404);
  });

  test('larger than the limit are refused', async () => {
    await using hosted = await Hosted.start({ limits: { uploadBytes: 1_000_000, downloadBytes: 500 } });
    const sandbox = await create(hosted);
    expect(await refusal(sandbox.files.writeFiles([{ path: 'big', data: 'x'.repeat(1_000_001) }]))).toBe(413);
    expect(await refusal(sandbox.files.writeFiles([{ path: 'big', data: 'x'.repeat(3_000_000) }]))).toBe(413);
    await sandbox.files.writeFiles([{ path: 'fair', data: 'x'.repeat(501) }]);
    expect(await refusal(sandbox.files.readBytes('fair'))).toBe(413);
  });
});

describe('the life of a sandbox', () => {
  test('made, found, listed by its metadata, renewed, ended', async () => {
    await using hosted = await Hosted.start();
    const sandbox = await create(hosted, { metadata: { of: 'test' }, timeoutSeconds: 100 });
    const before = (await sandbox.getInfo()).expiresAt?.getTime() ?? 0;
    const { expiresAt } = await sandbox.renew(200);
    expect((expiresAt?.getTime() ?? 0) - before).toBeGreaterThan(90_000);
    const manager = SandboxManager.create({ connectionConfig: connectionTo(hosted) });
    const listed = await manager.listSandboxInfos({ metadata: { of: 'test' } });
    expect(listed.items.map(({ id, status }) => [id, status.state])).toEqual([[sandbox.id, 'Running']]);
    expect((await manager.listSandboxInfos({ metadata: { of: 'other' } })).items).toEqual([]);
    const again = await Sandbox.connect({ connectionConfig: connectionTo(hosted), sandboxId: sandbox.id });
    expect(await again.isHealthy()).toBe(true);
    await sandbox.kill();
    expect(await refusal(sandbox.getInfo())).toBe(404);
    expect(await refusal(sandbox.kill())).toBe(404);
    expect(await again.isHealthy()).toBe(false);
  });

  /** Resolves when the server has closed the one sandbox it opens. */
  function watchClosing() {
    const closed = Promise.withResolvers<void>();
    const openSandbox = async ({ workspacePath }: { workspacePath: string }) => {
      const sandbox = await openPassthroughSandbox({ workspace: workspacePath });
      const close = sandbox.close.bind(sandbox);
      sandbox.close = async () => {
        await close();
        closed.resolve();
      };
      return sandbox;
    };
    return { openSandbox, closed: closed.promise };
  }

  test('it ends when its time is up', async () => {
    const { openSandbox, closed } = watchClosing();
    await using hosted = await Hosted.start({ openSandbox });
    const sandbox = await create(hosted, { timeoutSeconds: 1 });
    const ran = sandbox.commands.run('sleep 300');
    await closed;
    expect((await ran).exitCode).toBe(143);
    expect(await refusal(sandbox.getInfo())).toBe(404);
  });

  test('it ends when nobody asks for anything, but not while a command runs', async () => {
    const { openSandbox, closed } = watchClosing();
    await using hosted = await Hosted.start({ openSandbox, idleMs: 150 });
    const sandbox = await create(hosted, { timeoutSeconds: null });
    expect((await sandbox.commands.run('sleep 0.5; echo still here')).exitCode).toBe(0);
    await closed;
    expect(await refusal(sandbox.getInfo())).toBe(404);
  });

  test('there are no more than the limit; one that has ended makes room', async () => {
    await using hosted = await Hosted.start({ limits: { sandboxes: 1 } });
    const first = await create(hosted);
    expect(await refusal(create(hosted))).toBe(429);
    await first.kill();
    await (await create(hosted)).kill();
  });

  test('what cannot be kept is refused, not ignored', async () => {
    await using hosted = await Hosted.start();
    expect(await refusal(create(hosted, { networkPolicy: { defaultAction: 'deny' } }))).toBe(400);
    expect(await refusal(create(hosted, { extensions: { 'sagents.workspace': '/a/../b' } }))).toBe(400);
  });
});

describe('volumes', () => {
  test('are mounted from the allowed folders only, by their real paths', async () => {
    const allowed = await temporaryWorkspace();
    const outside = await temporaryWorkspace();
    await mkdir(join(allowed, 'data'));
    await symlink(outside, join(allowed, 'out'));
    await symlink(join(allowed, 'data'), join(outside, 'in'));
    const opened: VolumeMount[] = [];
    await using hosted = await Hosted.start({
      allowedMounts: [allowed],
      openSandbox: async ({ workspacePath, mounts }) => {
        opened.push(...mounts);
        return await openPassthroughSandbox({ workspace: workspacePath });
      },
    });
    const volume = (path: string) => [{ name: 'v', host: { path }, mountPath: '/mnt/v', readOnly: true }];
    await create(hosted, { volumes: volume(join(outside, 'in')) });
    expect(opened).toEqual([{ hostPath: join(allowed, 'data'), mountPath: '/mnt/v', readOnly: true }]);
    const refused = [outside, '/', join(allowed, 'out'), join(allowed, 'missing'), `${allowed}/../x`];
    for (const path of refused) expect(await refusal(create(hosted, { volumes: volume(path) }))).toBe(403);
    const claim = [{ name: 'v', pvc: { claimName: 'x' }, mountPath: '/mnt/v' }];
    expect(await refusal(create(hosted, { volumes: claim }))).toBe(400);
    expect(opened).toHaveLength(1);
  });
});
