import { createServer } from 'node:net';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { isRunning, readAll } from '../helpers.ts';
import { openLocal, temporaryRoot } from './helpers.ts';

async function attempt(
  sandbox: Sandbox,
  command: string,
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  return await readAll(sandbox.exec(command, { timeoutMs: 20_000 }));
}

describe('a command in the local sandbox', { timeout: 60_000 }, () => {
  test.each([
    ['the passwords of the host', 'cat /etc/shadow'],
    ["the host's home folders", 'ls /root /home/*/.ssh'],
    ['a link to the outside, made inside', 'ln -s /etc/shadow link; cat link'],
    ['the outside by ..', 'cat ../../../../../../etc/shadow'],
    ['the environment of the first process', 'tr "\\0" "\\n" < /proc/1/environ | grep very-secret'],
    ['its own environment', 'env | grep very-secret'],
  ])('does not read %s', async (_, command) => {
    vi.stubEnv('OPENAI_API_KEY', 'very-secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using sandbox = await openLocal();
    const { stdout, exitCode } = await attempt(sandbox, command);
    expect([stdout, exitCode === 0]).toEqual(['', false]);
  });

  test('reads neither a host file nobody listed nor the workspace of another session', async () => {
    const root = await temporaryRoot();
    await writeFile(join(root, 'unlisted'), 'host', { mode: 0o644 });
    await using other = await openLocal({ root, workspace: join(root, 'other') });
    await other.writeFile('private', 'of another session');
    await using sandbox = await openLocal({ root });
    for (const path of [join(root, 'unlisted'), join(other.workspace, 'private'), '/proc/1/root/etc/shadow']) {
      expect((await attempt(sandbox, `cat ${path}`)).exitCode).not.toBe(0);
      await expect(sandbox.readFile(path)).rejects.toMatchObject({ code: 'sandbox-error' });
    }
    expect((await attempt(sandbox, `ls ${root}`)).stdout).toBe('workspace\n');
  });

  test('writes nowhere but in the workspace, /tmp and its home', async () => {
    await using sandbox = await openLocal();
    for (const path of ['/x', '/usr/x', '/etc/x', '/dev/x', '/proc/sys/kernel/core_pattern', '/home/x', '/run/x']) {
      const { exitCode } = await attempt(sandbox, `echo x >> ${path}`);
      expect([path, exitCode === 0]).toEqual([path, false]);
    }
    expect((await attempt(sandbox, 'touch x /tmp/x ~/x && ls x /tmp/x ~/x')).exitCode).toBe(0);
    expect(existsSync('/tmp/x')).toBe(false);
  });

  test('has no rights: it remounts nothing, makes no namespace, and is not root outside either', async () => {
    await using sandbox = await openLocal();
    for (const command of [
      'mount -o remount,rw /usr',
      'mount -t tmpfs x /tmp',
      'umount /proc/sys',
      'unshare -U true',
      'chroot / true',
    ]) {
      const { exitCode } = await attempt(sandbox, command);
      expect([command, exitCode === 0]).toEqual([command, false]);
    }
    const { stdout } = await attempt(
      sandbox,
      'grep -h CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; id -u',
    );
    expect(stdout).toMatch(/^CapEff:\s0+\nNoNewPrivs:\s1\n(?!0\n)\d+\n$/);
  });

  test('neither sees nor signals processes of the host, or of another sandbox', async () => {
    await using other = await openLocal();
    const stranger = await other.spawn('echo begun; sleep 300');
    await stranger.wait({ pattern: /begun/ });
    await using sandbox = await openLocal();
    const { stdout } = await attempt(
      sandbox,
      `ls /proc | grep -c '^[0-9]'; kill -9 ${process.pid} ${process.ppid}; kill -9 -1; true`,
    );
    expect(Number(stdout.split('\n')[0])).toBeLessThan(10);
    expect(stranger.result).toBeUndefined();
    expect(isRunning(process.pid)).toBe(true);
  });

  test("reaches neither the host's loopback, nor its abstract sockets, nor the metadata address", async () => {
    const tcp = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
    const abstract = createServer((socket) => socket.end('reached')).listen(`\0sagents-${process.pid}`);
    await Promise.all([once(tcp, 'listening'), once(abstract, 'listening')]);
    onTestFinished(() => void tcp.close());
    onTestFinished(() => void abstract.close());
    await using sandbox = await openLocal();
    const { port } = tcp.address() as AddressInfo;
    const node = (options: string) =>
      `node -e "require('net').connect(${options}).on('error', e => console.log(e.code)).on('data', d => console.log(String(d)))"`;
    expect((await attempt(sandbox, node(`{ host: '127.0.0.1', port: ${port} }`))).stdout).toBe('ECONNREFUSED\n');
    expect((await attempt(sandbox, node(`{ path: '\\\\0sagents-${process.pid}' }`))).stdout).toBe('ECONNREFUSED\n');
    expect((await attempt(sandbox, node(`{ host: '169.254.169.254', port: 80 }`))).stdout).toBe('ENETUNREACH\n');
  });

  test('reaches what another command of its sandbox serves', async () => {
    await using sandbox = await openLocal();
    const serve = `require('http').createServer((_, r) => r.end('served')).listen(8080, () => console.log('up'))`;
    const server = await sandbox.spawn(`node -e "${serve}"`);
    expect(await server.wait({ pattern: /up/, timeoutMs: 10_000 })).toBe('matched');
    const fetch = `node -e "fetch('http://127.0.0.1:8080').then(r => r.text()).then(console.log)"`;
    expect((await attempt(sandbox, fetch)).stdout).toBe('served\n');
  });

  test('gives its variables to nothing that runs outside: LD_PRELOAD would be code there', async () => {
    await using sandbox = await openLocal({ env: { OF_THE_HOST: 'host' } });
    const output = sandbox.exec('tr "\\0" "\\n" < /proc/1/environ | grep -v ^PATH; printenv GIVEN OF_THE_HOST', {
      env: { GIVEN: 'given', LD_LIBRARY_PATH: '/nowhere' },
    });
    expect((await readAll(output)).stdout).toBe('given\nhost\n');
  });

  test('that fails is never run again outside', async () => {
    const root = await temporaryRoot();
    await using sandbox = await openLocal({ root });
    const { exitCode } = await attempt(sandbox, `echo once >> runs; echo out > ${root}/outside; exit 5`);
    expect(exitCode).toBe(5);
    expect(await readFile(join(sandbox.workspace, 'runs'), 'utf8')).toBe('once\n');
    expect(existsSync(join(root, 'outside'))).toBe(false);
  });
});

describe('the file operations of the local sandbox', { timeout: 60_000 }, () => {
  test('find nothing outside, though a link is swapped while they look', async () => {
    await using sandbox = await openLocal();
    await sandbox.writeFile('folder/shadow', 'inside');
    await attempt(sandbox, 'ln -s /etc evil');
    const swapping = await sandbox.spawn(
      "node -e \"const fs=require('fs'); for(;;) { fs.renameSync('folder','f'); fs.renameSync('evil','folder'); fs.renameSync('folder','evil'); fs.renameSync('f','folder'); }\"",
    );
    const seen = new Set<string>();
    for (let i = 0; i < 500; i += 1) {
      seen.add(
        await sandbox.readFile('folder/shadow').then(
          (bytes) => Buffer.from(bytes).toString(),
          () => 'refused',
        ),
      );
      await sandbox.writeFile('folder/written', 'x').catch(() => undefined);
    }
    await swapping.kill();
    expect([...seen].every((text) => text === 'inside' || text === 'refused')).toBe(true);
    expect(existsSync('/etc/written')).toBe(false);
  });

  test('do not follow a link the host itself has put there', async () => {
    const root = await temporaryRoot();
    await mkdir(join(root, 'secrets'), { mode: 0o755 });
    await writeFile(join(root, 'secrets/key'), 'host');
    await using sandbox = await openLocal({ root });
    await symlink(join(root, 'secrets'), join(sandbox.workspace, 'link'));
    await expect(sandbox.readFile('link/key')).rejects.toMatchObject({ code: 'sandbox-error' });
    await expect(sandbox.writeFile('link/new', '')).rejects.toMatchObject({ code: 'sandbox-error' });
  });
});
